import type { Customer } from '../shop/model.ts'
import type { Settings } from '../shop/options.ts'
import { address, optionalTime, time, type Value } from './values.ts'

/** What the record of a customer must say, in the contract's names. Fields that Shopify does not state are not in it. */
export function customerTruth(customer: Customer, settings: Settings): Record<string, Value> {
  const stated = {
    email: customer.email,
    phone: customer.phone,
    firstName: customer.firstName,
    lastName: customer.lastName,
    createdAt: time(customer.createdAt),
    currency: customer.currency,
    state: customer.state,
    verifiedEmail: customer.verifiedEmail,
    taxExempt: customer.taxExempt,
    note: customer.note,
    addresses: customer.addresses.map((each) => address(each, each.id === customer.defaultAddressId)),
  }
  // since 2025-01 Shopify tells tags and consent in topics of their own
  return settings.apiVersion >= '2025-01' ? stated : { ...stated, ...consentTruth(customer) }
}

/** Tags, and the consent to be written to. Where the shop knows of none, nobody agreed and nothing is stated. */
function consentTruth(customer: Customer): Record<string, Value> {
  const { emailConsent: email, smsConsent: sms } = customer
  return {
    tags: customer.tags,
    acceptsMarketing: email && email.state === 'subscribed',
    marketingOptInLevel: email?.level ?? null,
    marketingConsentAt: optionalTime(email?.at ?? null),
    acceptsSmsMarketing: sms && sms.state === 'subscribed',
  }
}
