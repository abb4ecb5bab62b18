import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog, createMetrics } from '@varai/runtime'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type DeliverySpool, type Door, type LookedUp, localSeal, openDeliverySpool } from './index.ts'
import { plainDoor, startShell, type TestShell } from './test-shell.ts'
import type { ShellLimits } from './webhook-shell.ts'

/** Topic `named` only names an order; `POST ?hello` with the body `knock` tries out the address. */
const door: Door = {
  ...plainDoor,
  lookedUp: new Set(['named']),
  shakeHands: ({ rawBody, query }) =>
    rawBody.toString() === 'knock' && query.has('hello') ? { who: 'varai' } : undefined,
}
const log = createLog({ service: 'test', level: 'fatal', destination: { write: () => undefined } })
const at = '2026-06-01T11:59:59Z'
const now = () => Date.parse('2026-06-01T12:00:00Z')
const order = (id: number) => JSON.stringify({ id, at })

let folder: string
let spool: DeliverySpool
let shell: TestShell
let answers: (() => LookedUp)[]

async function start(maxBytes = 1024 * 1024, limits: Partial<ShellLimits> = {}): Promise<void> {
  spool = await openDeliverySpool({
    ...{ folder, maxBytes, log, metrics: createMetrics('spool-test'), now },
    seal: localSeal(Buffer.alloc(32), 'test'),
    entityOf: ({ rawBody }) => rawBody.toString().slice(0, 9),
    draining: { concurrency: 4, pauses: { first: 1, longest: 5, longestOutage: 5 } },
  })
  shell = await startShell({
    ...{ door, spool, now, limits: { answerWithinMs: 300, maxUnderWay: 5, ...limits } },
    lookUp: async () => (answers.length > 1 ? answers.shift() : answers[0])?.() ?? { kind: 'cannot ask' },
  })
}
async function stop(): Promise<void> {
  await shell.close()
  await spool.close()
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spool-'))
  answers = []
  await start()
})
afterEach(async () => {
  await stop()
  await rm(folder, { recursive: true, force: true })
})

const published = () => shell.publisher.published.map(({ value }) => ('eventId' in value ? value.eventId : '?'))
const away = () => shell.publisher.acts(() => Promise.reject(new Error('no broker')))
const back = () => shell.publisher.acts(async () => undefined)

test('what can be published at once never touches the disk', async () => {
  expect(await shell.post(order(1), { 'x-id': 'd-1' })).toMatchObject({ status: 200, body: { ok: true } })
  expect(published()).toContain('shopify|shop.example|d-1|0')
  expect(await readdir(folder)).toEqual(['lock'])
})

test('Kafka away: 200 once it lies on the disk, in order behind it, and published when Kafka is back', async () => {
  away()
  for (const id of ['d-1', 'd-2', 'd-3']) {
    expect(await shell.post(order(1), { 'x-id': id })).toMatchObject({ status: 200, body: { ok: true, spooled: true } })
  }
  expect(published()).toEqual([])
  back()
  await vi.waitFor(() => expect(published()).toHaveLength(6))
  expect(published().filter((id) => id.endsWith('|0'))).toEqual([
    ...['shopify|shop.example|d-1|0', 'shopify|shop.example|d-2|0', 'shopify|shop.example|d-3|0'],
  ])
})

test('Kafka hangs: the delivery is spooled in time, and what hung counts no second time', async () => {
  const hanging = Promise.withResolvers<void>()
  shell.publisher.acts(() => hanging.promise)
  expect(await shell.post(order(1), { 'x-id': 'd-1' })).toMatchObject({ status: 200, body: { spooled: true } })
  hanging.resolve()
  back()
  await vi.waitFor(() => expect(spool.check()).toBe('0 deliveries wait'))
  expect(new Set(published())).toEqual(new Set(['shopify|shop.example|d-1|0', 'shopify|shop.example|1|paid']))
})

test('answered with 200, then killed: it is published after the next start, with the time it came at', async () => {
  away()
  await shell.post(order(1), { 'x-id': 'd-1' })
  await stop()
  await start()
  await vi.waitFor(() => expect(published()).toContain('shopify|shop.example|d-1|0'))
  expect(shell.publisher.published[0]?.value).toMatchObject({ ingestedAt: now(), deliveryId: 'd-1' })
})

test('the disk full: 503, and 200 again when there is room', async () => {
  await stop()
  await start(1_500)
  away()
  const statuses: number[] = []
  for (let id = 0; id < 6; id += 1) statuses.push((await shell.post(order(id), { 'x-id': `d-${id}` })).status)
  expect(statuses[0]).toBe(200)
  expect(statuses.at(-1)).toBe(503)
  back()
  const kept = statuses.filter((status) => status === 200).length
  await vi.waitFor(() => expect(published()).toHaveLength(2 * kept))
})

test('more at once than may be under way: to the disk instead of a 429', async () => {
  const hanging = Promise.withResolvers<void>()
  const publish = vi.fn(() => hanging.promise)
  shell.publisher.acts(publish)
  const answers = await Promise.all(Array.from({ length: 20 }, (_, id) => shell.post(order(id), { 'x-id': `d-${id}` })))
  for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: { spooled: true } })
  // Two events each: of 5 that were under way, and of at most 4 that were worked off from the disk.
  expect(publish.mock.calls.length).toBeLessThanOrEqual(2 * (5 + 4))
  hanging.resolve()
  await vi.waitFor(() => expect(new Set(published()).size).toBe(40))
})

test('a store that brings more than its rate: to the disk, and none is lost', async () => {
  await stop()
  await start(1024 * 1024, { storePerSecond: 1 })
  const answers: unknown[] = []
  for (let id = 0; id < 15; id += 1) answers.push((await shell.post(order(id), { 'x-id': `d-${id}` })).body)
  expect(answers.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => ({ ok: true })))
  expect(answers.slice(10)).toEqual(Array.from({ length: 5 }, () => ({ ok: true, spooled: true })))
  await vi.waitFor(() => expect(new Set(published()).size).toBe(30))
})

test('while one of an entity waits, the next of it queue behind it, and other entities go on', async () => {
  answers = [() => ({ kind: 'unanswered', reason: '503', afterMs: 60_000 })]
  await shell.post(order(5), { 'x-id': 'd-1', 'x-topic': 'named' })
  expect(await shell.post(order(5), { 'x-id': 'd-2' })).toMatchObject({ status: 200, body: { spooled: true } })
  expect(await shell.post(order(6), { 'x-id': 'd-3' })).toMatchObject({ status: 200, body: { ok: true } })
  expect(published()).toEqual(['shopify|shop.example|d-3|0', 'shopify|shop.example|6|paid'])
  answers = [() => ({ kind: 'cannot ask' })]
  // A new process asks at once, whatever the former one was told to wait.
  await stop()
  await start()
  await vi.waitFor(() => expect(published()).toContain('shopify|shop.example|d-2|0'))
})

test('what cannot be translated is kept in the dead letters as ever, also from the disk', async () => {
  away()
  await shell.post('{"id":"x"}', { 'x-id': 'd-1' })
  back()
  await vi.waitFor(() => expect(shell.publisher.raw).toHaveLength(1))
  expect(shell.publisher.raw[0]?.bytes?.toString()).toBe('sealed:{"id":"x"}')
})

test('what only names something is on the disk before the store is asked, and asked for until it answers', async () => {
  const statement = { record: 'OrderStated', eventName: 'order_updated', entityId: '5' } as const
  const answeredAt = now() + 1_500
  answers = [
    () => ({ kind: 'unanswered', reason: '503' }),
    () => ({ kind: 'unanswered', reason: '503', afterMs: 1 }),
    () => ({
      ...{ kind: 'answered', answeredAt, version: 'v1' },
      translation: { ok: true, leftOut: [], value: [{ ...statement, platformAt: now(), facts: {} }] },
    }),
  ]
  expect(await shell.post('{"id":5}', { 'x-id': 'd-1', 'x-topic': 'named' })).toMatchObject({
    ...{ status: 200, body: { spooled: true } },
  })
  await vi.waitFor(() => expect(published()).toEqual(['shopify|shop.example|d-1:v1|0']))
  expect(shell.publisher.published[0]?.value).toMatchObject({ triggeredAt: answeredAt, origin: 'webhook' })
})

test('two that look alike are both asked about: there may have been a change between them', async () => {
  const asked = vi.fn((): LookedUp => ({ kind: 'cannot ask' }))
  answers = [asked]
  for (let time = 0; time < 2; time += 1) await shell.post(order(5), { 'x-id': 'd-1', 'x-topic': 'named' })
  await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(2))
  await vi.waitFor(() => expect(spool.check()).toBe('0 deliveries wait'))
})

test('a platform trying out the address gets its answer, and nobody else does', async () => {
  const knock = (path: string, body: string, headers = {}) => shell.request(path, { method: 'POST', body, headers })
  expect(await knock('/hook?hello', 'knock')).toMatchObject({ status: 200, body: { who: 'varai' } })
  expect(await knock('/hook', 'knock')).toMatchObject({ status: 400 })
  expect(await knock('/hook?hello', `knock${' '.repeat(2_000)}`)).toMatchObject({ status: 400 })
  // Whoever names a store has to sign.
  expect(await knock('/hook?hello', 'knock', { 'x-store': 'shop.example' })).toMatchObject({ status: 401 })
  expect(shell.publisher.published).toEqual([])
})
