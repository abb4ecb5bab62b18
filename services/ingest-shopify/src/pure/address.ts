import type { Reader } from '@varai/ingest/pure'
import type { Address, Draft } from '@varai/schemas'

/** A postal address; undefined where nothing in it is stated, as when all its lines are redacted. */
export function readAddress(address: Reader): Draft<Address> | undefined {
  const read = {
    id: address.optionalId('id'),
    firstName: address.optionalText('first_name'),
    lastName: address.optionalText('last_name'),
    company: address.optionalText('company'),
    address1: address.optionalText('address1'),
    address2: address.optionalText('address2'),
    city: address.optionalText('city'),
    zip: address.optionalText('zip'),
    province: address.optionalText('province'),
    provinceCode: address.optionalText('province_code'),
    country: address.optionalText('country') ?? address.optionalText('country_name'),
    countryCode: address.optionalText('country_code'),
    phone: address.optionalText('phone'),
    isDefault: address.optionalFlag('default'),
  }
  return Object.values(read).some((value) => value !== undefined) ? read : undefined
}
