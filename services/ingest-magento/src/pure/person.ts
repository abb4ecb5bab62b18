import { type Read, type Reader, readText, readTexts } from '@varai/ingest/pure'
import type { Address, Draft } from '@varai/schemas'

/** A personal text, without the spaces around it. */
export const personalText = (of: Reader | undefined, key: string): string | undefined =>
  of?.readable(key, readText)?.trim() || undefined

/** A postal address; undefined where all its lines are empty. `id` names it among a customer's. */
export function readAddress(of: Reader | undefined, id?: string): Draft<Address> | undefined {
  if (of === undefined) return undefined
  const [address1, ...more] = of.readable('street', readStreet) ?? []
  const lines = {
    firstName: personalText(of, 'firstname'),
    lastName: personalText(of, 'lastname'),
    company: personalText(of, 'company'),
    address1,
    address2: more.join(', ') || undefined,
    city: personalText(of, 'city'),
    zip: personalText(of, 'postcode'),
    ...readRegion(of),
    countryCode: personalText(of, 'country_id'),
    phone: personalText(of, 'telephone'),
  }
  return Object.values(lines).some((line) => line !== undefined) ? { id, ...lines } : undefined
}

/** A customer's address holds its region as an object, an order's has name and code beside each other. */
function readRegion(of: Reader): Pick<Draft<Address>, 'province' | 'provinceCode'> {
  const name = of.readable('region', ifText)
  const region = name === undefined ? (of.looseChild('region') ?? of) : of
  return { province: name ?? personalText(region, 'region'), provinceCode: personalText(region, 'region_code') }
}

/** Lines of a street: a list in REST documents, one text with line breaks where the model itself speaks; numbers too. */
function readStreet(value: unknown): Read<string[]> {
  const lines = readTexts(value)
  if (!lines.ok) return lines
  const each = lines.value.flatMap((text) => text.split('\n')).map((line) => line.trim())
  return { ok: true, value: each.filter((line) => line !== '') }
}

const ifText = (value: unknown): Read<string | undefined> => {
  const text = readText(value)
  return { ok: true, value: text.ok ? text.value.trim() || undefined : undefined }
}
