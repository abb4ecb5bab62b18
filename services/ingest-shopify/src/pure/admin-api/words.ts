import type { Reader } from '@varai/ingest/pure'
import { globalId } from '../shopify-id.ts'

/** A document in the words of a webhook, which the translators read. */
export type Words = null | boolean | string | readonly Words[] | { readonly [key: string]: Words }

export const text = (of: Reader, field: string): Words => of.optionalText(field) ?? null
export const flag = (of: Reader, field: string): Words => of.optionalFlag(field) ?? null
/** GraphQL shouts its enums. */
export const lower = (of: Reader, field: string): Words => of.optionalText(field)?.toLowerCase() ?? null

/** The digits of an object's global id, under `id` of the object in `field`; null where there is none. */
export const idOf = (of: Reader | undefined, kind: string): Words => globalId(of?.optionalText('id'), kind) ?? null

/** The amount in the shop's currency. */
export const shopAmount = (of: Reader, field: string): string | null =>
  of.child(field)?.child('shopMoney')?.optionalText('amount') ?? null

/** A money bag as webhooks write their `…_set`. */
export function moneySet(of: Reader, field: string): Words {
  const set = of.child(field)
  const side = (name: string): Words => {
    const money = set?.child(name)
    return money === undefined ? null : { amount: text(money, 'amount'), currency_code: text(money, 'currencyCode') }
  }
  return set === undefined ? null : { shop_money: side('shopMoney'), presentment_money: side('presentmentMoney') }
}

/** Elements of a list that was completed. */
export const nodesOf = (of: Reader, field: string): Reader[] => of.child(field)?.list('nodes') ?? []

/** Free attributes, as webhooks write note attributes and properties. */
export const attributes = (of: Reader): Words =>
  of.list('customAttributes').map((each) => ({ name: text(each, 'key'), value: text(each, 'value') }))

export const taxLines = (of: Reader): Words =>
  of.list('taxLines').map((tax) => ({
    title: text(tax, 'title'),
    rate: text(tax, 'rate'),
    price: shopAmount(tax, 'priceSet'),
  }))
