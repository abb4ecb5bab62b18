import { read, type Statement, type Translation } from '@varai/ingest/pure'
import type { EventName } from '@varai/schemas'
import { ownId } from '../ids.ts'
import { isEmptied, isEmptyAddress, personalText, readAddress } from '../person.ts'
import { modifiedAt, timeOf } from '../store-time.ts'

const emptiable = { email: 'email', firstName: 'first_name', lastName: 'last_name' }

/**
 * WooCommerce customer → what it states, as the event `eventName`. A customer has two addresses, named after their use.
 * Marketing consents belong to plugins, each with its own way of saying so: nothing is stated about them.
 */
export function translateCustomer(eventName: EventName, body: unknown): Translation<Statement[]> {
  const customer = read(body)
  const id = ownId(customer)
  const billing = customer.looseChild('billing')
  const addresses = (['billing', 'shipping'] as const).map((use) => readAddress(customer.looseChild(use), use))
  const emptied = Object.entries(emptiable).filter(([, key]) => isEmptied(customer, key))
  return customer.result([
    {
      record: 'CustomerStated',
      eventName,
      entityId: id,
      platformAt: modifiedAt(customer),
      userId: id,
      cleared: [...emptied.map(([ours]) => ours), ...(isEmptied(billing, 'phone') ? ['phone'] : [])],
      facts: {
        email: personalText(customer, 'email'),
        phone: personalText(billing, 'phone'),
        firstName: personalText(customer, 'first_name'),
        lastName: personalText(customer, 'last_name'),
        createdAt: timeOf(customer, 'date_created_gmt'),
        addresses: addresses.filter((address) => address !== undefined),
        // An address whose lines were erased is not stated; one whose lines are empty is gone.
        complete: {
          addresses: (['billing', 'shipping'] as const).every(
            (use, index) => addresses[index] !== undefined || isEmptyAddress(customer, use),
          ),
        },
      },
    },
  ])
}
