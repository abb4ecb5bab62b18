import type { Address, Customer } from '../../shop/model.ts'
import { globalId, type Json } from '../write-json.ts'

const fullName = (address: Address): string =>
  [address.firstName, address.lastName].filter((part) => part !== null).join(' ')

/** An order's copy of an address. */
export const orderAddress = (address: Address | null): Json =>
  address === null
    ? null
    : {
        first_name: address.firstName,
        address1: address.address1,
        phone: address.phone,
        city: address.city,
        zip: address.zip,
        province: address.province,
        country: address.country,
        last_name: address.lastName,
        address2: address.address2,
        company: address.company,
        latitude: null,
        longitude: null,
        name: fullName(address),
        country_code: address.countryCode,
        province_code: address.provinceCode,
      }

/** An address that the shop keeps for a customer. */
export const customerAddress = (customer: Customer, address: Address): Json => ({
  id: address.id,
  customer_id: customer.id,
  first_name: address.firstName,
  last_name: address.lastName,
  company: address.company,
  address1: address.address1,
  address2: address.address2,
  city: address.city,
  province: address.province,
  country: address.country,
  zip: address.zip,
  phone: address.phone,
  name: fullName(address),
  province_code: address.provinceCode,
  country_code: address.countryCode,
  country_name: address.country,
  default: address.id === customer.defaultAddressId,
})

export const defaultAddress = (customer: Customer): Json => {
  const address = customer.addresses.find((each) => each.id === customer.defaultAddressId)
  return address === undefined ? null : customerAddress(customer, address)
}

export const customerGlobalId = (customer: Customer): string => globalId('Customer', customer.id)
