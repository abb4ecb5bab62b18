import { NotAcknowledged } from '@varai/kafka'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Door } from './door.ts'
import { plainDoor, startShell, type TestShell } from './test-shell.ts'

/** A body is a line for each delivery; a line that begins with `not ours` is turned away. The key has to be asked for. */
const severalDoor: Door = {
  ...plainDoor,
  claim: ({ path }) =>
    path === '/hook/shop' ? { ok: true, storeId: 'shop.example' } : { ok: false, answer: 404, reason: 'no such door' },
  async verify({ headers, rawBody }, secrets, store) {
    await Promise.resolve()
    if (headers['x-sign'] === 'away') return { ok: false, answer: 503, reason: 'no key now' }
    if (!secrets.includes(headers['x-sign'] ?? '')) return { ok: false, answer: 401, reason: `not of ${store.id}` }
    const lines = rawBody.toString().split('\n').filter(Boolean)
    const ours = lines.filter((line) => !line.startsWith('not ours'))
    return {
      ok: true,
      deliveries: ours.map((line) => ({
        deliveryId: line.slice(0, 60),
        topic: 'orders/create',
        rawBody: Buffer.from(line),
      })),
      refused: lines.slice(ours.length).map(() => 'not ours'),
    }
  },
  shakeHands({ method, path, query }) {
    const challenge = query.get('challenge')
    return method === 'GET' && path === '/hook/shop' && challenge !== null ? { challenge } : undefined
  },
}
const line = (id: number | string) => `{"id":${id},"at":"2026-06-01T11:00:00Z"}`
const counted = async (pattern: RegExp) =>
  (await shell.metrics.render()).text.split('\n').filter((metric) => pattern.test(metric))

let shell: TestShell
beforeEach(async () => {
  const now = () => Date.parse('2026-06-01T12:00:00Z')
  shell = await startShell({ door: severalDoor, path: '/hook/*rest', now, limits: { answerWithinMs: 300 } })
})
afterEach(() => shell.close())

const post = async (body: string, sign = 'good', path = '/hook/shop') =>
  shell.request(path, { method: 'POST', headers: { 'x-sign': sign }, body })
const published = () => shell.publisher.published.map(({ value }) => 'eventId' in value && value.eventId)

test('every delivery by itself: one is kept, one turned away, the others are published', async () => {
  const answer = await post([line(1), line('"x"'), line(2), 'not ours'].join('\n'))
  expect(answer).toMatchObject({ status: 200, body: { ok: true, deliveries: 3, duplicates: 0, kept: 1, refused: 1 } })
  expect(published()).toEqual(
    expect.arrayContaining([expect.stringContaining('|1|paid'), expect.stringContaining('|2|paid')]),
  )
  expect(shell.publisher.raw.map(({ bytes }) => bytes?.toString())).toEqual([`sealed:${line('"x"')}`])
  expect(await counted(/refused_requests_total\{.*not ours.*\} 1/)).toHaveLength(1)
  expect(await counted(/deliveries_total\{.*outcome="published".*\} 2/)).toHaveLength(1)
})

test('200 only when all are settled; what was settled is known when they come again', async () => {
  const fails = vi.fn(async () => undefined).mockRejectedValueOnce(new NotAcknowledged('away'))
  shell.publisher.acts(fails)
  const body = [line(1), line(2)].join('\n')
  expect(await post(body)).toMatchObject({ status: 503, headers: { 'retry-after': '5' } })
  expect(await post(body)).toMatchObject({ status: 200, body: { deliveries: 2, duplicates: 1 } })
})

test('more than can be under way at once are taken in turn, and none is begun after one failed', async () => {
  const body = Array.from({ length: 250 }, (_, id) => line(id)).join('\n')
  shell.publisher.acts(() => Promise.reject(new NotAcknowledged('away')))
  expect(await post(body)).toMatchObject({ status: 503 })
  shell.publisher.acts(async () => undefined)
  expect(await counted(/deliveries_total\{.*outcome="unavailable".*\} 100/)).toHaveLength(1)
  expect(await post(body)).toMatchObject({ status: 200, body: { deliveries: 250, duplicates: 0 } })
  expect(published()).toHaveLength(500)
})

test('nothing in it, nobody to ask for the key, another secret, another path', async () => {
  expect(await post('')).toMatchObject({ status: 200, body: { deliveries: 0 } })
  expect(await post(line(1), 'away')).toMatchObject({ status: 503, headers: { 'retry-after': '5' } })
  expect(await post(line(1), 'bad')).toMatchObject({ status: 401, body: { error: 'not of shop.example' } })
  expect(await post(line(1), 'good', '/hook/other')).toMatchObject({ status: 404, body: { error: 'no such door' } })
  expect(await post(line(1), 'good', '/hook/%E0%A4%A')).toMatchObject({
    status: 400,
    body: { error: 'malformed path' },
  })
  expect([published(), shell.publisher.raw]).toEqual([[], []])
})

test('an address that names its store is tried out without a signature, and nothing comes of it', async () => {
  expect(await shell.request('/hook/shop?challenge=a%22b')).toMatchObject({ status: 200, body: { challenge: 'a"b' } })
  expect(await shell.request('/hook/shop')).toMatchObject({ status: 405 })
  expect(await post(line(1), '', '/hook/shop?challenge=x')).toMatchObject({ status: 401 })
})
