import { type DecodedRecord, NotAcknowledged, Unencodable } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import type { RecordOf } from '@varai/schemas'
import { expect, test } from 'vitest'
import type { OutgoingEvent, Statement } from '../pure/index.ts'
import { type Asked, createCarryOutFetches } from './carry-out-fetches.ts'

const storeId = 'shop.myshopify.com'
const answeredAt = Date.parse('2026-06-01T12:00:00Z')
const platformAt = answeredAt - 60_000
const causeEventId = `shopify|${storeId}|d-1|0`
const position = { topic: 'varai.fetch.shopify', partition: 0, offset: '0', key: null, headers: {}, timestamp: 0 }

const request = (changes: Partial<RecordOf<'FetchRequested'>> = {}, attempt = 0): DecodedRecord => ({
  ...{ ...position, record: 'FetchRequested', attempt },
  value: {
    ...{ requestId: 'r', merchantId: 'm1', platform: 'shopify', storeId, entityType: 'order', entityId: '7' },
    ...{ reason: 'delta', causeEventId, platformAt, requestedAt: answeredAt, ...changes },
  },
})
const order: Statement = {
  ...{ record: 'OrderStated', eventName: 'order_edited', entityId: '7', platformAt, facts: { status: 'paid' } },
}
const answered = (translation: Extract<Asked, { kind: 'answered' }>['said']['translation']): Asked => ({
  kind: 'answered',
  store: { merchantId: 'm1', platform: 'shopify', id: storeId, currency: 'EUR' },
  said: { translation, answeredAt },
})
const good = answered({ ok: true, value: [order], leftOut: [] })

function fetching(asked: Asked | ((entityId: string) => Asked), failure?: Error) {
  const published: OutgoingEvent[] = []
  const questions: object[] = []
  const handle = createCarryOutFetches({
    async ask(question) {
      questions.push(question)
      return typeof asked === 'function' ? asked(question.entityId) : asked
    },
    async publish(event) {
      if (failure !== undefined) throw failure
      published.push(event)
    },
    log: createLog({ service: 'test', level: 'silent' }),
    now: () => answeredAt,
  })
  return { handle, published, questions }
}

test('what the store answers is its statement, caused by the event that led to the question', async () => {
  const { handle, published, questions } = fetching(good)
  expect(await handle([request()])).toEqual([{ kind: 'done' }])
  expect(questions).toMatchObject([{ merchantId: 'm1', storeId, entityId: '7', reason: 'delta' }])
  expect(published).toMatchObject([
    {
      ...{ topic: 'varai.events.medium', key: `m1|order|shopify|${storeId}|7` },
      value: { origin: 'api', triggeredAt: answeredAt, eventId: `${causeEventId}|fetched|${platformAt}|0` },
    },
  ])
})

test('asked twice, the same events', async () => {
  const { handle, published } = fetching(good)
  await handle([request(), request()])
  await handle([request()])
  expect(new Set(published.map(({ value }) => value.eventId)).size).toBe(1)
})

test('a store that does not answer is asked later, and later still; others are not held up by it', async () => {
  const away: Asked = { kind: 'unavailable', reason: 'HTTP 503', retryAfterMs: 3_000 }
  const { handle, published } = fetching((entityId) => (entityId === '7' ? good : away))
  expect(await handle([request({ entityId: '8' }), request(), request({ entityId: '9' }, 3)])).toEqual([
    { kind: 'retry', afterMs: 3_000, reason: 'HTTP 503' },
    { kind: 'done' },
    { kind: 'retry', afterMs: 16_000, reason: 'HTTP 503' },
  ])
  expect(published).toHaveLength(1)
})

test.each<[string, Asked, object]>([
  ['refuses', { kind: 'refused', reason: 'no scope' }, { kind: 'rejected', reason: 'no scope' }],
  ['shows no order', { kind: 'absent' }, { kind: 'skipped', reason: 'the store shows no such order' }],
  [
    'answers what cannot be read',
    answered({ ok: false, failures: [{ path: 'order.total', reason: 'is missing' }] }),
    { kind: 'rejected', reason: 'order.total: is missing' },
  ],
  [
    'answers a time that cannot be',
    answered({ ok: true, value: [{ ...order, platformAt: answeredAt + 26 * 3_600_000 }], leftOut: [] }),
    { kind: 'rejected', reason: 'order_edited.platformAt: is more than 25 hours ahead' },
  ],
])('a store that %s', async (_, asked, outcome) => {
  const { handle, published } = fetching(asked)
  expect(await handle([request()])).toEqual([outcome])
  expect(published).toEqual([])
})

test('what was said at one time is asked about when that second is over, and a refusal is no dead letter', async () => {
  const { handle, questions } = fetching({ kind: 'refused', reason: 'no scope' })
  const tie = (requestedAt: number) => request({ reason: 'tie', requestedAt })
  expect(await handle([tie(answeredAt - 1_500), tie(answeredAt + 90_000), tie(answeredAt - 2_000)])).toEqual([
    { kind: 'retry', afterMs: 500, reason: expect.any(String) },
    { kind: 'retry', afterMs: 2_000, reason: expect.any(String) },
    { kind: 'skipped', reason: 'no scope' },
  ])
  expect(questions).toHaveLength(1)
  // by a clock that is far ahead
  expect(await handle([request({ reason: 'tie', requestedAt: answeredAt + 90_000 }, 1)])).toMatchObject([
    { kind: 'skipped' },
  ])
})

test('an event that can never be published is rejected; without Kafka everything comes again', async () => {
  const hopeless = fetching(good, new Unencodable('total'))
  expect(await hopeless.handle([request()])).toMatchObject([{ kind: 'rejected' }])
  await expect(fetching(good, new NotAcknowledged('away')).handle([request()])).rejects.toThrow('away')
})
