/** An amount in the currency's smallest unit: cents, yen, fils. Exact, so that sums are. */
export type Minor = bigint

/** Digits after the point, where they are not two. */
const digitsOf: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, VND: 0, CLP: 0, KWD: 3, BHD: 3, TND: 3 }

/** What one unit of the currency is worth in millionths of a euro: fixed, a simulated shop needs no market. */
const worth: Readonly<Record<string, bigint>> = {
  EUR: 1_000_000n,
  USD: 920_000n,
  GBP: 1_170_000n,
  CAD: 680_000n,
  CHF: 1_040_000n,
  SEK: 88_000n,
  JPY: 6_100n,
  KRW: 680n,
  VND: 37n,
  KWD: 2_990_000n,
}

/** Currencies a simulated shop can sell in. */
export const currencies: readonly string[] = Object.keys(worth)

const minorDigits = (currency: string): number => digitsOf[currency] ?? 2

/** The amount as Shopify writes it: all digits of the currency, and none where it has none. */
export function shopifyAmount(amount: Minor, currency: string): string {
  const digits = minorDigits(currency)
  const magnitude = (amount < 0n ? -amount : amount).toString().padStart(digits + 1, '0')
  const whole = magnitude.slice(0, magnitude.length - digits)
  const text = digits === 0 ? whole : `${whole}.${magnitude.slice(-digits)}`
  return amount < 0n ? `-${text}` : text
}

/** The amount without digits that say nothing: 398, 19.9. */
export function plainAmount(amount: Minor, currency: string): string {
  const text = shopifyAmount(amount, currency)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/** Turns a price in euro cents into the currency; catalogue prices are drawn once and fit every shop. */
export const fromEuroCents = (cents: bigint, currency: string): Minor => convert(cents, 'EUR', currency)

/** The same worth in another currency, rounded half up to its smallest unit. Throws RangeError on an unknown one. */
export function convert(amount: Minor, from: string, to: string): Minor {
  if (from === to) return amount
  const [rateFrom, rateTo] = [worth[from], worth[to]]
  if (rateFrom === undefined || rateTo === undefined) throw new RangeError(`unknown currency: ${from} or ${to}`)
  return divideRounded(amount * rateFrom * 10n ** BigInt(minorDigits(to)), rateTo * 10n ** BigInt(minorDigits(from)))
}

/** A part of an amount, `share` in ten thousandths, rounded half up. */
export const partOf = (amount: Minor, share: number): Minor => divideRounded(amount * BigInt(share), 10_000n)

/** Rounds half away from zero, as shops do. */
export function divideRounded(amount: bigint, by: bigint): bigint {
  const doubled = amount * 2n
  return amount < 0n ? (doubled - by) / (by * 2n) : (doubled + by) / (by * 2n)
}
