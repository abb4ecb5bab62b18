import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createAdobeKeys } from './adobe-keys.ts'
import { adobeEvent, keyPathOf, startTestAdobe, type TestAdobe } from './test-adobe.ts'
import { createVerifyEvents } from './verify-events.ts'

let adobe: TestAdobe
let now = 0
let verify: (body: string, headers?: Record<string, string>, clientId?: string | null) => Promise<unknown>

beforeAll(async () => {
  adobe = await startTestAdobe()
})
beforeEach(() => {
  adobe.answer('keys')
  adobe.asked.length = 0
  const keys = createAdobeKeys({ baseUrl: adobe.url, stopping: new AbortController().signal, now: () => now })
  const verifyEvents = createVerifyEvents({ keys })
  verify = (body, headers = {}, clientId = 'our-client') => {
    const request = { headers: adobe.headers(body, headers), path: '/', rawBody: Buffer.from(body) }
    return verifyEvents(request, clientId ?? undefined)
  }
})
afterAll(() => adobe.close())

const single = JSON.stringify(adobeEvent({ entity_id: '1' }, { event_id: 'e-1', time: '2026-11-22T08:00:00Z' }))
const good = { ok: true, refused: [] }
const bad = { ok: false, answer: 401, reason: 'bad signature' }
const away = { ok: false, answer: 503 }

test('an event that Adobe signed: its id, what was watched and when, and its own bytes', async () => {
  expect(await verify(single)).toEqual({
    ...good,
    deliveries: [
      {
        ...{ deliveryId: 'e-1', topic: 'sales_order_save_commit_after', triggeredAt: '2026-11-22T08:00:00Z' },
        rawBody: Buffer.from(single),
      },
    ],
  })
})

test('either signature is enough, in either spelling of its header', async () => {
  const none = { 'x-adobe-digital-signature-1': '', 'x-adobe-digital-signature-2': '' }
  const { 'x-adobe-digital-signature-1': first = '', 'x-adobe-digital-signature-2': second = '' } =
    adobe.headers(single)
  expect(await verify(single, { ...none, 'x-adobe-digital-signature-1': first })).toMatchObject(good)
  expect(await verify(single, { ...none, 'x-adobe-digital-signature-2': second })).toMatchObject(good)
  expect(await verify(single, { ...none, 'x-adobe-digital-signature1': first })).toMatchObject(good)
  expect(await verify(single, { ...none, 'x-adobe-digital-signature2': second })).toMatchObject(good)
  expect(await verify(single, none)).toEqual(bad)
  expect(await verify(single, { 'x-adobe-digital-signature-1': second, 'x-adobe-digital-signature-2': first })).toEqual(
    bad,
  )
})

test('other bytes than those that were signed', async () => {
  const headers = adobe.headers(single)
  expect(await verify(`${single} `, headers)).toEqual(bad)
  expect(await verify(single.replace('"1"', '"2"'), headers)).toEqual(bad)
})

test.each([
  '.evil.example/prod/keys/pub-key-1.pem',
  '@evil.example/prod/keys/pub-key-1.pem',
  '/prod/keys/../../evil/pub-key-1.pem',
  '/prod/keys/pub-key-1.pem?x=1',
  '/prod/keys/pub-key-1.pem#.pem',
  '/prod/keys/pub-key-%2e%2e.pem',
  '/prod/keys/pub-key-1.pem\n',
  'https://evil.example/prod/keys/pub-key-1.pem',
  '//evil.example/prod/keys/pub-key-1.pem',
  '/prod/keys/pub-key-.pem',
  '',
])('a key path that is none of published keys is asked of nobody: %j', async (path) => {
  expect(await verify(single, { 'x-adobe-public-key1-path': path, 'x-adobe-public-key2-path': path })).toEqual(bad)
  // Header values are trimmed before they get here.
  expect(adobe.asked.filter((asked) => asked !== '/prod/keys/pub-key-1.pem')).toEqual([])
})

test('a key that was never published is no key, and is not asked for again at once', async () => {
  const made = keyPathOf('0a1b')
  const forged = { 'x-adobe-public-key1-path': made, 'x-adobe-public-key2-path': made }
  expect(await verify(single, forged)).toEqual(bad)
  expect(await verify(single, forged)).toEqual(bad)
  expect(adobe.asked).toEqual([made])
  now += 61_000
  expect(await verify(single, forged)).toEqual(bad)
  expect(adobe.asked).toEqual([made, made])
  expect(await verify(single, { 'x-adobe-public-key1-path': made })).toMatchObject(good)
})

test('keys are asked for once, together, and again after a day', async () => {
  await Promise.all([verify(single), verify(single), verify(single)])
  expect(adobe.asked).toHaveLength(2)
  adobe.answer('error')
  now += 24 * 3_600_000 - 1
  expect(await verify(single)).toMatchObject(good)
  now += 2
  expect(await verify(single)).toMatchObject(away)
  adobe.answer('keys')
  expect(await verify(single)).toMatchObject(good)
})

test.each(['error', 'garbage', 'redirect', 'never', 'endless'] as const)(
  'where the keys lie %s is answered: nobody can tell now, so Adobe is to come again',
  async (way) => {
    adobe.answer(way)
    expect(await verify(single)).toMatchObject(away)
    expect(adobe.asked.filter((path) => !path.startsWith('/prod/keys/'))).toEqual([])
    adobe.answer('keys')
    expect(await verify(single)).toMatchObject(good)
  },
)

test('made-up keys do not keep the real ones from being asked for, nor out', async () => {
  await verify(single)
  for (let made = 0; made < 100; made += 1) {
    await verify(single, { 'x-adobe-public-key1-path': keyPathOf(`${made}`), 'x-adobe-digital-signature-2': '' })
  }
  const times = (path: string) => adobe.asked.filter((asked) => asked === path).length
  await verify(single, { 'x-adobe-public-key1-path': keyPathOf('99') })
  await verify(single, { 'x-adobe-public-key1-path': keyPathOf('0') })
  // No more are remembered than real ones may need.
  expect([times(keyPathOf('99')), times(keyPathOf('0'))]).toEqual([1, 2])
  adobe.answer('error')
  expect(await verify(single)).toMatchObject(good)
})

test('a list: every event by itself with its exact bytes, those for somebody else turned away', async () => {
  const events = [
    adobeEvent({ entity_id: '1' }, { event_id: undefined, eventid: 'e-1' }),
    adobeEvent({ entity_id: '2' }, { recipient_client_id: 'theirs' }),
    adobeEvent({ entity_id: '3' }, { recipientclientid: 'theirs' }),
    adobeEvent({ entity_id: '4' }, { recipient_client_id: undefined }),
    adobeEvent('],"[{', {
      event_id: undefined,
      id: 'e-5',
      type: 'com.adobe.commerce.acme.observer.customer_save_commit_after',
    }),
    adobeEvent({}, { event_id: 'a|b', id: 7, type: 'x'.repeat(900), time: 5 }),
  ]
  const texts = events.map((event) => JSON.stringify(event, undefined, 1))
  const body = `\n[ ${texts.join(' , ')} ]\r\n`
  expect(await verify(body)).toEqual({
    ok: true,
    deliveries: [
      {
        deliveryId: 'e-1',
        topic: 'sales_order_save_commit_after',
        triggeredAt: events[0]?.time,
        rawBody: Buffer.from(texts[0] ?? ''),
      },
      {
        deliveryId: 'e-5',
        topic: 'customer_save_commit_after',
        triggeredAt: events[4]?.time,
        rawBody: Buffer.from(texts[4] ?? ''),
      },
      {
        ...{ deliveryId: '7', topic: 'x'.repeat(200), triggeredAt: '5' },
        rawBody: Buffer.from(texts[5] ?? ''),
      },
    ],
    refused: Array.from({ length: 3 }, () => "not addressed to the store's Adobe client"),
  })
  expect(await verify(JSON.stringify(events.slice(1, 4)))).toMatchObject({ ok: false, answer: 401 })
  expect(await verify('[]')).toEqual({ ok: true, deliveries: [], refused: [] })
})

test('what is no JSON is kept, and takes nothing else with it', async () => {
  const ids = async (body: string) => {
    const unpacked = (await verify(body)) as { deliveries: { deliveryId: string; rawBody: Buffer }[] }
    return unpacked.deliveries.map(({ deliveryId, rawBody }) => [deliveryId.slice(0, 8), rawBody.toString()])
  }
  expect(await ids(`[${single},{"a":nope},]`)).toEqual([
    ['e-1', single],
    ['content:', '{"a":nope}'],
    ['content:', ''],
  ])
  for (const body of ['', 'x', `[${single}`, `[${single}]]`, `[${single}] []`, `[${single},"`]) {
    expect(await ids(body), body).toEqual([['content:', body]])
  }
})

test('a store without an Adobe client: nobody can tell, so Adobe is to come again', async () => {
  expect(await verify(single, {}, null)).toMatchObject(away)
  expect(adobe.asked).toEqual([])
})
