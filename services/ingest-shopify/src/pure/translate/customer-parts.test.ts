import type { StoreFacts } from '@varai/ingest/pure'
import { describe, expect, test } from 'vitest'
import { bodyOf, failures, only } from '../../test-statements.ts'
import { translate } from './translate.ts'

const store: StoreFacts = { platform: 'shopify', merchantId: 'm1', id: 'shop.myshopify.com', currency: 'EUR' }
const told = (topic: string, body: unknown) => translate(bodyOf(body), { topic, store })

describe('a consent by itself', () => {
  const email = (consent: object) =>
    told('customers_email_marketing_consent/update', {
      ...{ customer_id: 77, email_address: 'zoe@example.at', email_marketing_consent: consent },
    })

  test('states how far it goes and since when, and nothing else of the customer', () => {
    const consent = { state: 'subscribed', opt_in_level: 'single_opt_in', consent_updated_at: '2026-04-01T00:00:00Z' }
    expect(only('CustomerStated', email(consent))).toEqual({
      ...{ record: 'CustomerStated', eventName: 'customer_updated', entityId: '77', userId: '77' },
      ...{ platformAt: undefined, cleared: [] },
      facts: {
        acceptsMarketing: true,
        marketingOptInLevel: 'single_opt_in',
        marketingConsentAt: Date.parse('2026-04-01T00:00:00Z'),
      },
    })
  })

  test('withdrawn: the level and time of the earlier one do not stay beside it', () => {
    const none = { state: 'not_subscribed', opt_in_level: null, consent_updated_at: null }
    expect(only('CustomerStated', email(none))).toMatchObject({
      ...{ facts: { acceptsMarketing: false }, cleared: ['marketingOptInLevel', 'marketingConsentAt'] },
    })
  })

  test('by phone: whether it is given', () => {
    const sms = told('customers_marketing_consent/update', {
      ...{ id: 77, phone: null, sms_marketing_consent: { state: 'unsubscribed', opt_in_level: 'single_opt_in' } },
    })
    expect(only('CustomerStated', sms)).toMatchObject({ entityId: '77', facts: { acceptsSmsMarketing: false } })
  })

  test('of an unknown shape is refused', () => {
    expect(failures(told('customers_email_marketing_consent/update', { customer_id: 'x' }))).toEqual([
      'email_marketing_consent: is missing',
      'customer_id: expected an id of digits',
    ])
    expect(failures(told('customers_marketing_consent/update', { id: 7, sms_marketing_consent: 'yes' }))).toEqual([
      'sms_marketing_consent: expected an object',
    ])
  })
})

test('a purchasing summary is noted: its orders say it', () => {
  const summary = { customerId: 'gid://shopify/Customer/77', numberOfOrders: 2, lastOrderId: 'gid://shopify/Order/1' }
  expect(told('customers/purchasing_summary', summary)).toMatchObject({ ok: true, value: [] })
  expect(failures(told('customers/purchasing_summary', { customerId: '77' }))).toEqual([
    'customerId: names no customer',
  ])
})

test.each(['customer.tags_added', 'customer.tags_removed'])('%s says only a change: no statement', (topic) => {
  const change = { customerId: 'gid://shopify/Customer/77', tags: ['vip'], occurredAt: '2026-05-01T00:00:00Z' }
  expect(failures(told(topic, change))).toEqual([': unknown topic'])
})
