import { type Reader, read, readFlag, type Statement, type Translation } from '@varai/ingest/pure'
import { readAttributes } from '../attributes.ts'
import { otherId, ownId } from '../ids.ts'
import { personalText, readAddress } from '../person.ts'
import { modifiedAt, timeOf } from '../store-time.ts'
import type { Telling } from './telling.ts'

/** Magento customer, as REST, our module or an event shows it → what the store states. */
export const translateCustomer = (body: unknown, telling: Telling): Translation<Statement[]> =>
  tellCustomer(read(body), telling)

/** As `translateCustomer`, for a customer that is part of a document. Magento customers have a phone with an address only. */
export function tellCustomer(customer: Reader, { eventName, partial = false }: Telling): Translation<Statement[]> {
  const id = ownId(customer)
  const addresses = customer.looseList('addresses')
  const { ours } = readAttributes(customer)
  return customer.result([
    {
      record: 'CustomerStated',
      eventName,
      entityId: id,
      platformAt: modifiedAt(customer),
      userId: id,
      cleared: customer.emptied({ email: 'email', firstName: 'firstname', lastName: 'lastname' }),
      facts: {
        email: personalText(customer, 'email'),
        firstName: personalText(customer, 'firstname'),
        lastName: personalText(customer, 'lastname'),
        phone: readPhone(customer, addresses),
        createdAt: timeOf(customer, 'created_at'),
        acceptsMarketing: isSubscribed(customer),
        preferences: ours.size > 0 ? Object.fromEntries(ours) : undefined,
        addresses: addresses?.flatMap((address) => readStored(customer, address)),
        complete: { addresses: addresses !== undefined && !partial },
      },
    },
  ])
}

/** Subscription to the shop's newsletter. */
const isSubscribed = (customer: Reader): boolean | undefined =>
  customer.looseChild('extension_attributes')?.readable('is_subscribed', readFlag) ??
  customer.readable('is_subscribed', readFlag)

const addressId = (address: Reader): string | undefined => otherId(address, address.has('id') ? 'id' : 'entity_id')

function readStored(customer: Reader, address: Reader) {
  const id = addressId(address)
  const lines = readAddress(address, id)
  return lines === undefined ? [] : [{ ...lines, isDefault: isDefault(customer, address, 'billing') }]
}

/** Said by the address in REST documents, by the customer where the model itself speaks. */
function isDefault(customer: Reader, address: Reader, use: 'billing' | 'shipping'): boolean | undefined {
  const key = `default_${use}`
  const said = address.readable(key, readFlag)
  if (said !== undefined) return said
  const id = addressId(address)
  return id !== undefined && customer.has(key) ? otherId(customer, key) === id : undefined
}

function readPhone(customer: Reader, addresses: readonly Reader[] | undefined): string | undefined {
  const uses = (['billing', 'shipping'] as const).map((use) =>
    addresses?.find((address) => isDefault(customer, address, use) === true),
  )
  return uses.map((address) => personalText(address, 'telephone')).find((phone) => phone !== undefined)
}
