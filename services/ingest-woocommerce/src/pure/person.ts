import { type Reader, readText } from '@varai/ingest/pure'
import type { Address, Draft } from '@varai/schemas'

/** What WordPress puts in place of what it erased: the store does not know it any more, so it states nothing. */
const erased = new Set(['[deleted]', 'deleted@site.invalid', '0.0.0.0'])

/** A personal text, as stated; undefined where it is empty or erased. */
export function personalText(of: Reader | undefined, key: string): string | undefined {
  const text = of?.readable(key, readText)?.trim()
  return text === undefined || text === '' || erased.has(text.toLowerCase()) ? undefined : text
}

/** Whether the text stands there and is empty: then the store says that there is none. */
export function isEmptied(of: Reader | undefined, key: string): boolean {
  return of?.states(key) === true && !of.has(key)
}

/** A postal address; undefined where all its lines are empty or erased. `id` names it among a customer's. */
export function readAddress(of: Reader | undefined, id?: string): Draft<Address> | undefined {
  const lines = {
    firstName: personalText(of, 'first_name'),
    lastName: personalText(of, 'last_name'),
    company: personalText(of, 'company'),
    address1: personalText(of, 'address_1'),
    address2: personalText(of, 'address_2'),
    city: personalText(of, 'city'),
    zip: personalText(of, 'postcode'),
    provinceCode: personalText(of, 'state'),
    countryCode: personalText(of, 'country'),
    phone: personalText(of, 'phone'),
  }
  return Object.values(lines).some((line) => line !== undefined) ? { id, ...lines } : undefined
}

/** Whether the document holds the address and says that nothing is in it. */
export function isEmptyAddress(of: Reader, key: string): boolean {
  const address = of.looseChild(key)
  return address?.keys().every((line) => isEmptied(address, line)) ?? false
}
