import { NotAcknowledged, QueueFull, TooLarge } from '@varai/kafka'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { event, otherStore, signed, startApi } from './test-api.ts'
import { analysisWithRawData, holdsMarker, sessionWithRawData } from './test-raw-face.ts'

let api: Awaited<ReturnType<typeof startApi>>
beforeEach(async () => {
  api = await startApi()
})
afterEach(() => api.close())

const path = '/api/v1/events'
const post = (body: string, headers: Record<string, string>) => api.request(path, { method: 'POST', headers, body })

test('an event is answered when it is published', async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  let asked = 0
  api.control.publishing = () => {
    asked += 1
    return held
  }
  let answered = false
  const sending = api.send([event({ id: 'e1', occurredAt: '2026-03-14T09:26:10.000Z' })]).then((answer) => {
    answered = true
    return answer
  })
  await vi.waitFor(() => expect(asked).toBe(1), 20_000)
  expect(answered).toBe(false)
  release()
  expect(await sending).toMatchObject({ status: 200, body: { ok: true, results: [{ id: 'e1', status: 'accepted' }] } })
  expect(api.published).toMatchObject([
    {
      topic: 'varai.events.medium',
      key: 'm1|ai_session|html|atelier|s-1',
      record: 'Interaction',
      value: {
        ...{ eventId: 'html|atelier|server:e1|0', eventName: 'product_viewed', entityId: 's-1', sessionId: 's-1' },
        ...{ platformAt: Date.UTC(2026, 2, 14, 9, 26, 10), origin: 'api', interactionId: 'e1', productId: 'p-1' },
        interactionType: 'product_viewed',
      },
    },
  ])
})

test('a bad event of a batch is told by itself and kept sealed; the others are published', async () => {
  const bad = event({ id: 'bad', sessionId: undefined, data: { productId: 7 } })
  const answer = await api.send([event({ id: 'a' }), bad, { event: 'nobody_knows' }, 'text', event({ id: 'b' })])
  expect(answer).toMatchObject({
    status: 200,
    body: {
      results: [
        { id: 'a', status: 'accepted' },
        {
          id: 'bad',
          status: 'rejected',
          reasons: [expect.stringMatching(/^sessionId: /), expect.stringMatching(/^data.productId: /)],
        },
        { status: 'rejected', reasons: ['event: is no event that is taken here'] },
        { status: 'rejected', reasons: ['expected an object with an event'] },
        { id: 'b', status: 'accepted' },
      ],
    },
  })
  expect(api.published.map(({ value }) => Reflect.get(value, 'interactionId'))).toEqual(['a', 'b'])
  expect(api.raw).toHaveLength(3)
  expect(
    api.raw.every(({ topic, bytes }) => topic === 'varai.dead-letters' && bytes?.toString().startsWith('sealed:')),
  ).toBe(true)
})

test('an id stands for one event of a batch', async () => {
  const answer = await api.send([event({ id: 'a' }), event({ id: 'a', data: { productId: 'p-2' } })])
  expect(answer.body).toMatchObject({ results: [{ status: 'accepted' }, { status: 'rejected' }] })
  expect(api.published).toHaveLength(1)
})

test('raw face data and contacts never get to Kafka, wherever they stand', async () => {
  const answer = await api.send([sessionWithRawData('s-9'), analysisWithRawData('s-9')])
  expect(answer.body).toMatchObject({ results: [{ status: 'accepted' }, { status: 'accepted' }] })
  expect(api.published).toHaveLength(2)
  expect(holdsMarker(JSON.stringify(api.published))).toBe(false)
  expect(holdsMarker(api.lines.join('\n'))).toBe(false)
  const [session, analysis] = api.published.map(({ value }) => value)
  expect(session).toMatchObject({
    faceAnalysis: { faceShape: 'oval', measurements: { pupillaryDistance: 62.5 }, confidence: 0.9 },
    metadata: { device: 'mobile' },
    consentLevel: 'research',
  })
  expect(Reflect.get(session ?? {}, 'conversation')).toEqual([
    { role: 'shopper', text: '[removed]' },
    { role: 'shopper', text: '{}' },
    { role: 'shopper', text: 'Call me at [phone] or [email], card [card]' },
  ])
  expect(Reflect.get(analysis ?? {}, 'analysis')).toEqual({
    ...{ measurements: { faceWidth: 138 }, timestamp: Date.UTC(2026, 2, 14, 9, 26, 10) },
    ...{ region: 'EU', consentLevel: 'basic' },
  })
})

test('a paid order is a payment too, which has one id whoever tells it', async () => {
  const order = { paidAt: '2026-03-14T09:31:40Z', total: '189.00', customerId: 'c-17', aiSessionId: 's-1' }
  const about = { entityId: '1001', sessionId: undefined, data: order }
  await api.send([event({ ...about, event: 'order_updated' }), event({ ...about, event: 'payment_completed' })])
  expect(api.published.map(({ topic, value }) => [topic, Reflect.get(value, 'eventName')])).toEqual([
    ['varai.events.medium', 'order_updated'],
    ['varai.events.high', 'payment_completed'],
    ['varai.events.high', 'payment_completed'],
  ])
  const ids = api.published.slice(1).map(({ value }) => Reflect.get(value, 'eventId'))
  expect(ids).toEqual(['html|atelier|1001|paid', 'html|atelier|1001|paid'])
  expect(api.published[0]?.value).toMatchObject({ total: '189', userId: 'c-17', sessionId: 's-1', entityId: '1001' })
})

test('whose consent it is: the account, the guest, or the session', async () => {
  const consent = (data: object) => event({ event: 'consent_changed', data: { level: 'research', ...data } })
  await api.send([consent({ customerId: 'c-17' }), consent({ email: 'lena@example.com' }), consent({})])
  expect(api.published.map(({ key }) => key.split('|').at(-1))).toEqual([
    'sub_customer_c-17',
    'sub_guest_hash',
    'session:s-1',
  ])
  const nobody = await api.send([event({ event: 'consent_changed', sessionId: undefined, data: { level: 'basic' } })])
  expect(nobody.body).toMatchObject({
    results: [{ status: 'rejected', reasons: [expect.stringContaining('names nobody')] }],
  })
})

test('what is emptied is named, and only fields that are there', async () => {
  const about = { event: 'customer_updated', entityId: 'c-17', sessionId: undefined, data: {} }
  const answer = await api.send([event({ ...about, cleared: ['phone'] }), event({ ...about, cleared: ['shoeSize'] })])
  expect(answer.body).toMatchObject({ results: [{ status: 'accepted' }, { status: 'rejected' }] })
  expect(api.published).toMatchObject([{ value: { cleared: ['phone'], userId: 'c-17' } }])
})

test.each([
  ['Kafka is away', new NotAcknowledged('no answer'), 503],
  ['there is too much at once', new QueueFull('full'), 429],
])('%s: the batch comes again, and is the same events', async (_, error, status) => {
  const events = [event({ id: 'a' }), event({ id: 'b' })]
  api.control.publishing = async ({ value }) => {
    if (Reflect.get(value, 'interactionId') === 'b') throw error
  }
  const answer = await api.send(events, { 'idempotency-key': 'k' })
  expect(answer).toMatchObject({ status, headers: { 'retry-after': '5' } })
  api.control.publishing = async () => undefined
  expect((await api.send(events, { 'idempotency-key': 'k' })).status).toBe(200)
  const ids = api.published.map(({ value }) => Reflect.get(value, 'eventId'))
  expect(new Set(ids).size).toBe(2)
})

test('one that can never be published is rejected and kept', async () => {
  api.control.publishing = async () => {
    throw new TooLarge(2, 1)
  }
  expect(await api.send([event({ id: 'a' })])).toMatchObject({
    status: 200,
    body: { results: [{ status: 'rejected' }] },
  })
  expect(api.raw).toHaveLength(1)
})

test('who is not answered in time is told so; the work goes on', async () => {
  await api.close()
  api = await startApi({ limits: { answerWithinMs: 20 } })
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  api.control.publishing = () => held
  expect((await api.send([event()])).status).toBe(503)
  release()
  await vi.waitFor(() => expect(api.published).toHaveLength(1), 20_000)
})

test('an Idempotency-Key brings the same answer, and no other request', async () => {
  const events = [event({ id: 'a' }), { event: 'nobody_knows' }]
  const first = await api.send(events, { 'idempotency-key': 'k1' })
  const again = await api.send(events, { 'idempotency-key': 'k1' })
  expect(again.body).toEqual(first.body)
  expect(again.headers['idempotency-replayed']).toBe('true')
  expect(api.published).toHaveLength(1)
  expect((await api.send([event()], { 'idempotency-key': 'k1' })).status).toBe(422)
  expect((await api.send(events, { 'idempotency-key': 'k2' })).status).toBe(200)
  expect((await api.send(events, { 'idempotency-key': 'x'.repeat(256) })).status).toBe(400)
})

test('two requests of one Idempotency-Key at once are one', async () => {
  const events = [event({ id: 'a' })]
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  api.control.publishing = () => held
  const both = [api.send(events, { 'idempotency-key': 'k' }), api.send(events, { 'idempotency-key': 'k' })]
  expect((await api.send([event()], { 'idempotency-key': 'k' })).status).toBe(422)
  release()
  expect((await Promise.all(both)).map(({ status }) => status)).toEqual([200, 200])
  expect(api.published).toHaveLength(1)
})

test.each([
  ['not JSON', '{"events":'],
  ['not UTF-8', Buffer.from([0x7b, 0xff]).toString('latin1')],
  ['no events', '{"events":[]}'],
  ['another document', '{"orders":[]}'],
  ['too many events', JSON.stringify({ events: Array.from({ length: 501 }, () => event()) })],
])('signed, and %s: told, and kept sealed', async (_, body) => {
  expect(await post(body, signed(body))).toMatchObject({
    status: 400,
    body: { ok: false, reasons: [expect.any(String)] },
  })
  expect(api.raw).toHaveLength(1)
  expect(api.published).toEqual([])
})

test('who is turned away before anything is read', async () => {
  const body = JSON.stringify({ events: [event()] })
  expect(await post(body, signed(body, { secret: 'wrong' }))).toMatchObject({ status: 401 })
  expect(await post(body, signed(body, { at: Date.now() - 600_000 }))).toMatchObject({ status: 401 })
  expect(await post(body, signed(body, { key: 'nobody' }))).toMatchObject({ status: 404 })
  expect(await post(body, {})).toMatchObject({ status: 400 })
  expect(await api.request(path)).toMatchObject({ status: 405, headers: { allow: 'POST' } })
  const large = 'x'.repeat(5 * 1024 * 1024 + 1)
  expect(await post(large, signed(large))).toMatchObject({ status: 413 })
  expect([api.published, api.raw]).toEqual([[], []])
})

test('both secrets sign during a change, and so does a secret key', async () => {
  const body = JSON.stringify({ events: [event()] })
  expect((await post(body, signed(body, { secret: 'old' }))).status).toBe(200)
  expect((await post(body, signed(body, { key: otherStore.id, secret: 'sk_other' }))).status).toBe(200)
  expect((await post(body, signed(body, { key: otherStore.id, secret: 'new' }))).status).toBe(401)
  expect(api.published.map(({ value }) => Reflect.get(value, 'merchantId'))).toEqual(['m1', 'm2'])
})

test('a number that is an id keeps all its digits', async () => {
  const body = JSON.stringify({ events: [event({ data: { productId: 'P' } })] }).replace('"P"', '8123459876001122334')
  await post(body, signed(body))
  expect(api.published).toMatchObject([{ value: { productId: '8123459876001122334' } }])
})

test('more than may be under way is told to come again', async () => {
  await api.close()
  api = await startApi({ limits: { maxUnderWay: 1 } })
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  api.control.publishing = () => held
  const first = api.send([event()])
  await vi.waitFor(async () => expect((await api.send([event()])).status).toBe(429), 20_000)
  release()
  expect((await first).status).toBe(200)
})

test('the document of the API is served', async () => {
  expect(await api.request('/openapi.json')).toMatchObject({ status: 200, body: { openapi: '3.1.0' } })
  expect(await api.request('/elsewhere')).toMatchObject({ status: 404 })
})
