import { type Facts, type Reader, read, type Statement, type Translation } from '@varai/ingest/pure'
import type { CustomerStated, EventName } from '@varai/schemas'
import { readAddress } from '../address.ts'
import { readTags } from '../comma-list.ts'
import { currencyOf } from '../money.ts'
import { seesPersonalData } from '../protected-data.ts'
import { shopifyId } from '../shopify-id.ts'
import { toldAt } from '../told-at.ts'

type Names = { readonly [K in keyof CustomerStated]?: string }
const emptiable: Names = { note: 'note', locale: 'locale', currency: 'currency' }
const emptiablePersonal: Names = {
  email: 'email',
  phone: 'phone',
  firstName: 'first_name',
  lastName: 'last_name',
  // Null where nobody ever asked, and where the contact that the consent belongs to may not be seen.
  acceptsMarketing: 'email_marketing_consent',
  marketingOptInLevel: 'email_marketing_consent',
  marketingConsentAt: 'email_marketing_consent',
  acceptsSmsMarketing: 'sms_marketing_consent',
}

/** A consent says its level and time, or that it has none: those of an earlier consent must not stay beside it. */
export const emptiableInConsent: Names = {
  marketingOptInLevel: 'opt_in_level',
  marketingConsentAt: 'consent_updated_at',
}

/**
 * Shopify customer → what it states, as the event `eventName`. Reads every generation: since 2025-01 a customer comes
 * without tags and consents (which then are not stated), and older ones say `accepts_marketing`, alone or beside the
 * consent. The addresses in a customer are all it has.
 */
export function translateCustomer(eventName: EventName, body: unknown): Translation<Statement[]> {
  const customer = read(body)
  const id = shopifyId(customer, 'Customer')
  const facts = readFacts(customer)
  const personal = seesPersonalData(customer, ['email', 'phone', 'first_name', 'last_name']) ? emptiablePersonal : {}
  const consent = customer.child('email_marketing_consent')
  const emptied = [...customer.emptied({ ...emptiable, ...personal }), ...(consent?.emptied(emptiableInConsent) ?? [])]
  const stated = new Set(Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [name])))
  return customer.result([
    {
      record: 'CustomerStated',
      eventName,
      entityId: id,
      platformAt: toldAt(customer, 'updated_at'),
      userId: id,
      cleared: emptied.filter((name) => !stated.has(name)),
      facts,
    },
  ])
}

function readFacts(customer: Reader): Facts<'CustomerStated'> {
  const addresses = customer.states('addresses') ? customer.list('addresses').map(readAddress) : undefined
  return {
    email: customer.optionalText('email'),
    phone: customer.optionalText('phone'),
    firstName: customer.optionalText('first_name'),
    lastName: customer.optionalText('last_name'),
    createdAt: customer.optionalTime('created_at'),
    locale: customer.optionalText('locale'),
    currency: currencyOf(customer, 'currency'),
    state: customer.optionalText('state')?.toLowerCase(),
    verifiedEmail: customer.optionalFlag('verified_email'),
    taxExempt: customer.optionalFlag('tax_exempt'),
    note: customer.optionalText('note'),
    tags: readTags(customer),
    ...readConsents(customer),
    addresses: addresses?.filter((address) => address !== undefined),
    complete: { addresses: addresses !== undefined },
  }
}

function readConsents(customer: Reader): Facts<'CustomerStated'> {
  const sms = customer.child('sms_marketing_consent')
  const acceptsSmsMarketing = sms && isSubscribed(sms)
  const email = customer.child('email_marketing_consent')
  if (email === undefined) {
    return {
      acceptsMarketing: customer.optionalFlag('accepts_marketing'),
      marketingOptInLevel: customer.optionalText('marketing_opt_in_level'),
      marketingConsentAt: customer.optionalTime('accepts_marketing_updated_at'),
      acceptsSmsMarketing,
    }
  }
  return {
    acceptsMarketing: isSubscribed(email),
    marketingOptInLevel: email.optionalText('opt_in_level'),
    marketingConsentAt: email.optionalTime('consent_updated_at'),
    acceptsSmsMarketing,
  }
}

/** `pending` is a double opt-in that nobody confirmed yet: no consent. */
export const isSubscribed = (consent: Reader): boolean => consent.text('state').toLowerCase() === 'subscribed'
