import { type Facts, type Reader, read, type Statement, type Translation } from '@varai/ingest/pure'
import { globalId } from '../shopify-id.ts'
import { emptiableInConsent, isSubscribed } from './customer.ts'

/**
 * Since 2025-01 a customer comes without its consents: each is told by a topic of its own, which states nothing else of
 * the customer. The consent's time is when the person agreed, which may lie far back; so the trigger's time orders it.
 */
export function translateEmailConsent(body: unknown): Translation<Statement[]> {
  const told = read(body)
  const consent = consentIn(told, 'email_marketing_consent')
  return told.result([
    stateOf(told.id('customer_id'), consent?.emptied(emptiableInConsent) ?? [], {
      acceptsMarketing: consent && isSubscribed(consent),
      marketingOptInLevel: consent?.optionalText('opt_in_level'),
      marketingConsentAt: consent?.optionalTime('consent_updated_at'),
    }),
  ])
}

/** By phone; of this consent only whether it is given is kept. */
export function translateSmsConsent(body: unknown): Translation<Statement[]> {
  const told = read(body)
  const consent = consentIn(told, 'sms_marketing_consent')
  return told.result([stateOf(told.id('id'), [], { acceptsSmsMarketing: consent && isSubscribed(consent) })])
}

/** What someone bought in all: nothing of it is kept, because the orders say it. */
export function translatePurchasingSummary(body: unknown): Translation<Statement[]> {
  const summary = read(body)
  const id = globalId(summary.text('customerId'), 'Customer')
  if (id === undefined) summary.fail('customerId', 'names no customer')
  const noted = summary.result<Statement[]>([])
  return noted.ok ? { ...noted, note: 'a purchasing summary: orders say it' } : noted
}

/** The consent that the body is about; a body without it is of another shape than the one known. */
function consentIn(told: Reader, key: string): Reader | undefined {
  if (!told.has(key)) told.fail(key, 'is missing')
  return told.child(key)
}

const stateOf = (id: string, cleared: readonly string[], facts: Facts<'CustomerStated'>): Statement => ({
  ...{ record: 'CustomerStated', eventName: 'customer_updated', entityId: id, userId: id },
  ...{ platformAt: undefined, cleared, facts },
})
