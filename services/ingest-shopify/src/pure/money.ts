import type { Reader } from '@varai/ingest/pure'

/**
 * Shopify states an amount as `x` in the shop's currency, and as `x_set` in the shop's and the buyer's. Older versions
 * lack the sets.
 */
export function shopMoney(of: Reader, key: string): string | undefined {
  return of.optionalDecimal(key) ?? amountIn(of, key, 'shop_money')
}

/** For places where `x` is a JSON number that came out of float arithmetic: the set first, which is exact text. */
export function shopMoneyFromSet(of: Reader, key: string): string | undefined {
  return amountIn(of, key, 'shop_money') ?? of.decimalIfExact(key)
}

/** ISO 4217, whose codes are in capitals. */
export const currencyOf = (of: Reader, key: string): string | undefined => of.optionalText(key)?.toUpperCase()

/** In the currency that the buyer saw; only the sets say it. */
export const buyerMoney = (of: Reader, key: string): string | undefined => amountIn(of, key, 'presentment_money')

function amountIn(of: Reader, key: string, side: 'shop_money' | 'presentment_money'): string | undefined {
  return of.child(setOf(key))?.child(side)?.optionalDecimal('amount')
}

/** Made once: a name that was just joined takes long to be looked up. */
const sets = new Map<string, string>()

function setOf(key: string): string {
  const known = sets.get(key)
  if (known !== undefined) return known
  const set = `${key}_set`
  sets.set(key, set)
  return set
}
