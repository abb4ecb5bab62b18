import { typeOf } from '@varai/schemas'
import { expect, test } from 'vitest'
import type { DeliveryFacts } from './to-events.ts'
import { toPrivacyRequest } from './to-privacy-request.ts'
import type { PrivacyAsk } from './translation.ts'

const receivedAt = Date.parse('2026-06-01T12:00:00Z')
const day = 86_400_000
const delivery: DeliveryFacts = {
  store: { platform: 'shopify', merchantId: 'm1', id: 'shop.myshopify.com', currency: 'EUR' },
  ...{ deliveryId: 'd-1', origin: 'webhook', receivedAt },
}
const ask: PrivacyAsk = {
  ...{ kind: 'customer_redact', subject: { is: 'guest', email: 'ada@example.com' } },
  facts: { email: 'ada@example.com', orderIds: ['1'] },
}
const requested = (changes: Partial<PrivacyAsk> = {}, of: Partial<DeliveryFacts> = {}) =>
  toPrivacyRequest({ ...ask, ...changes }, 'sub_1', { ...delivery, ...of })

test('it fits the contract, and neither its key nor an id of it holds who asks', () => {
  const { key, value } = requested()
  expect(typeOf('PrivacyRequested').isValid({ region: 'NA', cleared: [], ...value })).toBe(true)
  const { email, ...rest } = value
  expect(email).toBe('ada@example.com')
  expect(JSON.stringify({ key, ...rest })).not.toContain('ada')
  expect(value).toMatchObject({
    entityId: 'sub_1',
    subjectRef: 'sub_1',
    scope: 'record',
    eventName: 'privacy_requested',
  })
})

test("its id is the platform's where there is one, or else that of the delivery", () => {
  expect(requested().value.requestId).toBe('shopify|shop.myshopify.com|d-1')
  const once = requested({ kind: 'data_request', id: '9999' }).value
  const twice = requested({ kind: 'data_request', id: '9999' }, { deliveryId: 'd-2' }).value
  expect([once.requestId, twice.requestId]).toEqual(Array(2).fill('shopify|shop.myshopify.com|data_request|9999'))
})

test.each([
  ['when it was sent first', '2026-05-31T12:00:00Z', receivedAt - day],
  ['its receipt, where it was sent in the future', '2026-07-01T12:00:00Z', receivedAt],
  ['its receipt, where nobody can tell', 'yesterday', receivedAt],
  ['its receipt, where nobody tells', undefined, receivedAt],
])('30 days are allowed from %s', (_, triggeredAt, from) => {
  const { legalDueAt, platformAt } = requested({}, { triggeredAt }).value
  expect([platformAt, legalDueAt]).toEqual([from, from + 30 * day])
})
