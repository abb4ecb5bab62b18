import type { Assembled } from '../shop/assemble.ts'
import type { Customer } from '../shop/model.ts'
import type { Settings } from '../shop/options.ts'

/** A value, and the shop's time (ms, to the second) at which its present run was first stated. */
export type Run = { value: string | boolean | null; since: number }

const personalFields = ['email', 'phone', 'firstName', 'lastName', 'acceptsMarketing'] as const
export type PersonalField = (typeof personalFields)[number]

/** What a shop stated about one customer in the end, and since when. */
export type CustomerHistory = {
  recordId: string
  merchantId: string
  storeId: string
  platformId: string
  createdAt: Date
  /** When it was last changed, by the shop's clock. */
  changedAt: Date
  /** When its deletion was triggered, by the platform's clock; undefined while it lives. */
  deletedAt: Date | 'unknown' | undefined
  runs: Readonly<Record<PersonalField, Run>>
}

type Stated = { at: number; triggeredAt: number; values: Record<PersonalField, Run['value']> }

/** Follows what is said of each customer of a shop. */
export function createCustomerHistory(settings: Settings) {
  const said = new Map<Customer, { stated: Stated[]; deletedAt: CustomerHistory['deletedAt'] }>()

  function observe({ entity, topic, triggeredAt }: Assembled): void {
    if (entity.kind !== 'customer') return
    const held = said.get(entity) ?? { stated: [], deletedAt: undefined }
    said.set(entity, held)
    if (topic === 'customers/delete') held.deletedAt = new Date(triggeredAt)
    else held.stated.push({ at: wholeSecond(entity.updatedAt), triggeredAt, values: valuesOf(entity, settings) })
  }

  const all = (): CustomerHistory[] =>
    [...said].map(([customer, { stated, deletedAt }]) => ({
      recordId: `${settings.merchantId}|shopify|${settings.storeId}|${customer.id}`,
      merchantId: settings.merchantId,
      storeId: settings.storeId,
      platformId: String(customer.id),
      createdAt: new Date(wholeSecond(customer.createdAt)),
      changedAt: new Date(customer.updatedAt),
      deletedAt,
      runs: runsOf(stated),
    }))

  return { observe, all }
}

const wholeSecond = (at: number): number => Math.floor(at / 1000) * 1000

const valuesOf = (customer: Customer, settings: Settings): Stated['values'] => ({
  email: customer.email,
  phone: customer.phone,
  firstName: customer.firstName,
  lastName: customer.lastName,
  // since 2025-01 a customer comes without its consent
  acceptsMarketing:
    settings.apiVersion >= '2025-01' || customer.emailConsent === null
      ? null
      : customer.emailConsent.state === 'subscribed',
})

/** The last value of each field and the start of its run, statements taken in the shop's order of time. */
function runsOf(stated: readonly Stated[]): Record<PersonalField, Run> {
  const ordered = stated.toSorted((one, other) => one.at - other.at || one.triggeredAt - other.triggeredAt)
  const run = (field: PersonalField): Run => {
    let current: Run = { value: null, since: 0 }
    for (const { at, values } of ordered) {
      if (current.since === 0 || values[field] !== current.value) current = { value: values[field], since: at }
    }
    return current
  }
  return Object.fromEntries(personalFields.map((field) => [field, run(field)])) as Record<PersonalField, Run>
}
