import { expect, test } from 'vitest'
import { customer } from '../../test-payloads.ts'
import { bodyOf, failures, only } from '../../test-statements.ts'
import { translateCustomer } from './customer.ts'

const stated = (changes = {}) => only('CustomerStated', translateCustomer('customer_updated', customer(changes)))

test('a customer of today states no tags and no consents', () => {
  expect(stated()).toEqual({
    record: 'CustomerStated',
    eventName: 'customer_updated',
    entityId: '77',
    platformAt: Date.parse('2026-05-01T00:00:00Z'),
    userId: '77',
    cleared: ['note', 'phone', 'lastName'],
    facts: {
      email: 'zoe@example.at',
      firstName: 'Zoë',
      createdAt: Date.parse('2026-01-01T00:00:00Z'),
      currency: 'EUR',
      state: 'enabled',
      verifiedEmail: true,
      taxExempt: false,
      addresses: [
        { id: '1', address1: 'Ring 1', city: 'Wien', country: 'Austria', countryCode: 'AT', isDefault: true },
      ],
      complete: { addresses: true },
    },
  })
})

test('a customer of 2024 states both', () => {
  const { facts, cleared } = stated({
    tags: 'vip, Brille',
    email_marketing_consent: {
      state: 'subscribed',
      opt_in_level: 'confirmed_opt_in',
      consent_updated_at: '2026-04-01T00:00:00Z',
    },
    sms_marketing_consent: { state: 'unsubscribed', opt_in_level: 'single_opt_in', consent_updated_at: null },
  })
  expect(facts).toMatchObject({
    tags: ['vip', 'Brille'],
    acceptsMarketing: true,
    marketingOptInLevel: 'confirmed_opt_in',
    marketingConsentAt: Date.parse('2026-04-01T00:00:00Z'),
    acceptsSmsMarketing: false,
  })
  expect(cleared).toEqual(['note', 'phone', 'lastName'])
})

test.each([
  ['subscribed', true],
  ['not_subscribed', false],
  ['unsubscribed', false],
  ['pending', false],
  ['SUBSCRIBED', true],
])('consent %s counts as %s', (state, accepts) => {
  expect(stated({ email_marketing_consent: { state } }).facts.acceptsMarketing).toBe(accepts)
})

test('a customer of 2021 accepts marketing by a flag', () => {
  expect(
    stated({
      accepts_marketing: true,
      accepts_marketing_updated_at: '2021-01-01T00:00:00-05:00',
      marketing_opt_in_level: 'single_opt_in',
    }).facts,
  ).toMatchObject({
    acceptsMarketing: true,
    marketingOptInLevel: 'single_opt_in',
    marketingConsentAt: Date.parse('2021-01-01T05:00:00Z'),
  })
})

test('a consent without level and time empties those of the consent before it', () => {
  const { facts, cleared } = stated({
    email_marketing_consent: { state: 'not_subscribed', opt_in_level: null, consent_updated_at: null },
  })
  expect(facts.acceptsMarketing).toBe(false)
  expect(cleared).toEqual(['note', 'phone', 'lastName', 'marketingOptInLevel', 'marketingConsentAt'])
})

test('a consent of null is no consent, unless the old flag beside it says one', () => {
  const none = stated({ email_marketing_consent: null, sms_marketing_consent: null })
  expect(none.facts.acceptsMarketing).toBeUndefined()
  const consents = ['acceptsMarketing', 'marketingOptInLevel', 'marketingConsentAt', 'acceptsSmsMarketing']
  expect(none.cleared).toEqual(expect.arrayContaining(consents))

  const both = stated({ email_marketing_consent: null, accepts_marketing: false })
  expect(both.facts.acceptsMarketing).toBe(false)
  expect(both.cleared).not.toContain('acceptsMarketing')
})

test('a customer of whom nothing personal is seen is redacted: nothing was emptied', () => {
  const nothing = { email: null, phone: null, first_name: null, last_name: null, email_marketing_consent: null }
  const redacted = stated({ ...nothing, addresses: [{ id: 1, address1: null, city: null }, { address1: null }] })
  expect(redacted.cleared).toEqual(['note'])
  expect(redacted.facts.addresses).toEqual([{ id: '1' }])
  expect(stated({ ...nothing, phone: '+43 1' }).cleared).toEqual(
    expect.arrayContaining(['email', 'firstName', 'lastName', 'acceptsMarketing']),
  )
})

test('no addresses is a whole list, no key is none', () => {
  expect(stated({ addresses: [] }).facts).toMatchObject({ addresses: [], complete: { addresses: true } })
  expect(stated({ addresses: undefined }).facts).toMatchObject({ addresses: undefined, complete: { addresses: false } })
})

test('every failure is told', () => {
  const broken = customer({
    updated_at: undefined,
    verified_email: 'maybe',
    addresses: [7],
    email_marketing_consent: {},
  })
  expect(failures(translateCustomer('customer_created', broken)).toSorted()).toEqual([
    'addresses[0]: expected an object',
    'email_marketing_consent.state: is missing',
    'updated_at: is missing',
    'verified_email: expected true or false',
  ])
  expect(failures(translateCustomer('customer_created', bodyOf([])))).toEqual([': expected an object'])
})
