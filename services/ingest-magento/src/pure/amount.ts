import { type Read, type Reader, readDecimal, readText } from '@varai/ingest/pure'

const number = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i
/** Up to here a float holds six digits after the point for sure. */
const largest = 1e9

/**
 * An amount as canonical decimal text. Magento keeps four digits after the point, six in prices; what PHP's floats add to
 * them (`4.2999999999999998`, `7.1054273576e-15` for nothing due) is noise that never reaches its database, and goes.
 */
export function readAmount(value: unknown): Read<string> {
  const exact = readDecimal(value)
  if (exact.ok) return exact
  const text = readText(value)
  if (!text.ok || !number.test(text.value) || Math.abs(Number(text.value)) > largest) return exact
  return readDecimal(Number(text.value).toFixed(6))
}

/** An amount that may be missing; one that is there and cannot be read is a failure, because money is counted. */
export const amountOf = (of: Reader, key: string): string | undefined =>
  of.has(key) ? of.as(key, readAmount, '0') : undefined

/** Reads the amounts of one document, in the two currencies in which Magento states each. */
export type Amounts = {
  /** ISO 4217 of the shop's own amounts. */
  readonly shopCurrency: string
  /** ISO 4217 of what the buyer paid in; undefined where the document does not say. */
  readonly buyerCurrency: string | undefined
  /** The amount `key` of the document or one of its parts, in the shop's currency (`base_…`). */
  shop(of: Reader, key: string): string | undefined
  /** The same in the buyer's currency; undefined where nobody says which that is. */
  buyer(of: Reader, key: string): string | undefined
}

/**
 * Amounts stand as `base_grand_total` in the shop's currency and as `grand_total` in the buyer's. Only where both
 * currencies are one does the second stand for the first. `fallback`: of amounts that come without a currency.
 */
export function amountsIn(document: Reader, fallback: string): Amounts {
  const codeOf = (key: string) => document.optionalText(key)?.toUpperCase()
  const shopCurrency = codeOf('base_currency_code') ?? fallback
  const buyerCurrency = codeOf('order_currency_code')
  const isOne = buyerCurrency === undefined || buyerCurrency === shopCurrency
  return {
    shopCurrency,
    buyerCurrency,
    shop: (of, key) => amountOf(of, `base_${key}`) ?? (isOne ? amountOf(of, key) : undefined),
    buyer: (of, key) => (buyerCurrency === undefined ? undefined : amountOf(of, key)),
  }
}
