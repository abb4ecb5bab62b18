import { NotAcknowledged } from '@varai/kafka'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { event, startApi, store } from './test-api.ts'
import { analysisWithRawData, holdsMarker, sessionWithRawData } from './test-raw-face.ts'

let api: Awaited<ReturnType<typeof startApi>>
const now = Date.UTC(2026, 10, 22, 12)
beforeEach(async () => {
  api = await startApi({ now: () => now })
})
afterEach(() => api.close())

const iso = (ms: number) => new Date(ms).toISOString()
const minute = 60_000
const year = 365 * 24 * 60 * minute
const viewed = (changes: object = {}) => event({ occurredAt: iso(now - minute), ...changes })
const beacon: (typeof api)['beacon'] = (events, options) => api.beacon(events, { sentAt: iso(now), ...options })

test('what a page says is published before it is answered, readable by that page', async () => {
  const answer = await beacon([viewed({ id: 'e1' })])
  expect(answer).toMatchObject({ status: 200, body: { ok: true, accepted: 1, dropped: [] } })
  expect(answer.headers).toMatchObject({ 'access-control-allow-origin': 'https://atelier.example', vary: 'origin' })
  expect(api.published).toMatchObject([
    { value: { eventId: 'html|atelier|browser:e1|0', platformAt: now - minute, origin: 'api', interactionId: 'e1' } },
  ])
})

test('a bad event is dropped, and kept nowhere', async () => {
  const answer = await beacon([viewed({ id: 'good' }), viewed({ id: 'bad', data: 7 }), { event: 'order_created' }])
  expect(answer).toMatchObject({
    status: 200,
    body: { accepted: 1, dropped: [{ id: 'bad' }, { reasons: ['event: is no event that is taken here'] }] },
  })
  expect(await beacon([viewed({ id: 'bad', data: 7 })])).toMatchObject({
    status: 400,
    body: { dropped: [{ id: 'bad' }] },
  })
  expect(await beacon([])).toMatchObject({ status: 400 })
  expect(api.raw).toEqual([])
})

test.each([
  ['right', 0],
  ['a year slow', -year],
  ['a year fast', year],
  ['seconds off', 7_300],
])('a clock that is %s says when, by when it sends', async (_, off) => {
  const at = now + off
  const data = { startedAt: iso(at - 10 * minute), faceAnalysis: { timestamp: iso(at - 8 * minute) } }
  const started = event({ event: 'ai_session_started', occurredAt: iso(at - 5 * minute), data })
  expect((await beacon([started], { sentAt: iso(at) })).status).toBe(200)
  expect(api.published).toMatchObject([
    {
      value: {
        ...{ platformAt: now - 5 * minute, startedAt: now - 10 * minute },
        faceAnalysis: { timestamp: now - 8 * minute },
      },
    },
  ])
})

test('nothing happens after it is received, or is older than what a browser may keep', async () => {
  await beacon([viewed({ occurredAt: iso(now + minute) })])
  expect(api.published).toMatchObject([{ value: { platformAt: now } }])
  const old = await beacon([viewed({ occurredAt: iso(now - 31 * 24 * 60 * minute) })])
  expect(old).toMatchObject({ status: 400, body: { dropped: [{ reasons: ['occurredAt: is more than 30 days ago'] }] } })
})

test('who somebody is counts for nothing when a browser says it', async () => {
  const data = { customerId: 'c-17', email: 'lena@example.com', level: 'research' }
  await beacon([viewed({ event: 'consent_changed', data }), viewed({ event: 'ai_session_started', data })])
  expect(api.published).toHaveLength(2)
  expect(api.published[0]?.key).toBe('m1|consent|html|atelier|session:s-1')
  expect(JSON.stringify(api.published)).not.toMatch(/c-17|lena/)
})

test('raw face data never gets to Kafka', async () => {
  const changes = { occurredAt: iso(now) }
  const events = [
    { ...sessionWithRawData('s-9'), ...changes },
    { ...analysisWithRawData('s-9'), ...changes },
  ]
  expect(await beacon(events)).toMatchObject({ status: 200, body: { accepted: 2 } })
  expect(holdsMarker(JSON.stringify([api.published, api.raw, api.lines]))).toBe(false)
})

test('only pages that the store allows, with its key', async () => {
  const events = [viewed()]
  expect((await beacon(events, { origin: 'https://evil.example' })).status).toBe(403)
  // Allowed by another store: the page may read why, and no more.
  expect((await beacon(events, { origin: 'https://other.example' })).status).toBe(403)
  expect((await beacon(events, { key: 'pk_unknown' })).status).toBe(403)
  expect((await beacon(events, { key: null })).status).toBe(403)
  const body = JSON.stringify({ sentAt: iso(now), events })
  expect((await api.request('/collect?key=pk_atelier', { method: 'POST', body })).status).toBe(403)
  const headers = { origin: 'https://atelier.example' }
  expect((await api.request('/collect?key=pk_unknown', { method: 'POST', headers, body })).status).toBe(403)
  expect(api.published).toEqual([])
  expect((await api.request('/collect?key=pk_atelier', { method: 'POST', headers, body })).status).toBe(200)
})

test('a browser that asks first is told', async () => {
  const ask = (origin: string) => api.request('/collect?key=pk_atelier', { method: 'OPTIONS', headers: { origin } })
  expect(await ask('https://atelier.example')).toMatchObject({
    status: 204,
    headers: {
      'access-control-allow-origin': 'https://atelier.example',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type',
    },
  })
  const refused = await ask('https://evil.example')
  expect(refused.status).toBe(403)
  expect(refused.headers).not.toHaveProperty('access-control-allow-origin')
})

test('limits by address, before the body, and by key', async () => {
  api.control.addressWaits = 42
  expect(await beacon([viewed()])).toMatchObject({ status: 429, headers: { 'retry-after': '42' } })
  api.control.addressWaits = 0
  api.control.keyWaits = 7
  expect(await beacon([viewed(), viewed()])).toMatchObject({ status: 429, headers: { 'retry-after': '7' } })
  expect(api.asked).toEqual({ address: ['127.0.0.1', '127.0.0.1'], key: [['atelier', 2]] })
  expect(api.published).toEqual([])
})

test('the address is the one that trusted proxies name', async () => {
  const forwarded = { origin: 'https://atelier.example', 'x-forwarded-for': '203.0.113.9, 198.51.100.7' }
  const init = { method: 'POST', headers: forwarded, body: '{}' }
  await api.request('/collect', init)
  await api.close()
  const first = api.asked.address
  api = await startApi({ trustedProxies: 1 })
  await api.request('/collect', init)
  expect([...first, ...api.asked.address]).toEqual(['127.0.0.1', '198.51.100.7'])
})

test('Kafka away: come again', async () => {
  api.control.publishing = async () => {
    throw new NotAcknowledged('no answer')
  }
  const answer = await beacon([viewed()])
  expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '5' } })
  expect(answer.headers['access-control-expose-headers']).toBe('retry-after')
})

test('too large, other methods, other bodies', async () => {
  const headers = { origin: 'https://atelier.example' }
  const post = (body: string) => api.request('/collect?key=pk_atelier', { method: 'POST', headers, body })
  expect((await post('x'.repeat(64 * 1024 + 1))).status).toBe(413)
  expect((await post('no JSON')).status).toBe(400)
  expect((await post(JSON.stringify({ events: [viewed()] }))).status).toBe(400)
  expect((await api.request('/collect', { headers })).status).toBe(405)
  expect((await beacon(Array.from({ length: 51 }, () => viewed()))).status).toBe(400)
})

test('a store that is taken from the file is unknown at once', async () => {
  api.control.stores = []
  expect((await beacon([viewed()])).status).toBe(403)
  api.control.stores = [{ ...store, publishableKey: 'pk_new' }]
  expect((await beacon([viewed()], { key: 'pk_new' })).status).toBe(200)
})
