import { convert, type Minor, shopifyAmount } from '../money.ts'
import type { Address, Order, Property } from '../shop/model.ts'
import { globalId } from '../shopify/write-json.ts'

/** GraphQL tells times in UTC and, as webhooks do, to the second. */
export const time = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`
export const optionalTime = (at: number | null): string | null => (at === null ? null : time(at))

/** The same amount as the shop counts and as the buyer sees it. */
export function moneyBag(order: Pick<Order, 'currency' | 'presentmentCurrency'>, amount: Minor) {
  const { currency, presentmentCurrency } = order
  const shown = convert(amount, currency, presentmentCurrency)
  return {
    shopMoney: { amount: shopifyAmount(amount, currency), currencyCode: currency },
    presentmentMoney: { amount: shopifyAmount(shown, presentmentCurrency), currencyCode: presentmentCurrency },
  }
}

export const attributes = (properties: readonly Property[]) =>
  properties.map(({ name, value }) => ({ key: name, value }))

export const reference = (kind: string, id: bigint) => ({ __typename: kind, id: globalId(kind, id) })

export const mailingAddress = (address: Address) => ({
  __typename: 'MailingAddress',
  id: 'gid://shopify/MailingAddress/1?model_name=Address',
  firstName: address.firstName,
  lastName: address.lastName,
  company: address.company,
  address1: address.address1,
  address2: address.address2,
  city: address.city,
  zip: address.zip,
  province: address.province,
  provinceCode: address.provinceCode,
  country: address.country,
  countryCodeV2: address.countryCode,
  phone: address.phone,
})
