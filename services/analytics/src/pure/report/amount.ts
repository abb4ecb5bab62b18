/** Amounts of an order that reports add up. */
export const amountNames = ['gross', 'refunds', 'net', 'taxes', 'discounts', 'shipping'] as const
export type AmountName = (typeof amountNames)[number]

const scale = 6
const number = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/

/**
 * A decimal with at most 6 digits after the point in millionths, exact whatever its size; also in the notation that the
 * database gives large sums. Throws RangeError for all else.
 */
export function millionths(text: string): bigint {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = number.exec(text) ?? []
  const shift = Number(exponent) - fraction.length + scale
  const digits = BigInt(whole + fraction)
  const divisor = 10n ** BigInt(Math.max(0, -shift))
  if (whole === '' || digits % divisor !== 0n) throw new RangeError(`no amount: ${text.slice(0, 40)}`)
  const magnitude = (digits / divisor) * 10n ** BigInt(Math.max(0, shift))
  return sign === '-' ? -magnitude : magnitude
}

/** As decimal text, with at least as many digits after the point as the currency has; never rounded. */
export function amountText(sum: bigint, currency: string | null): string {
  const magnitude = sum < 0n ? -sum : sum
  const all = magnitude.toString().padStart(scale + 1, '0')
  const fraction = all.slice(-scale).replace(/0+$/, '').padEnd(digitsOf(currency), '0')
  const text = `${all.slice(0, -scale)}${fraction === '' ? '' : `.${fraction}`}`
  return sum < 0n ? `-${text}` : text
}

const known = new Map<string, number>()

function digitsOf(currency: string | null): number {
  if (currency === null || !/^[A-Z]{3}$/.test(currency)) return 0
  let digits = known.get(currency)
  if (digits === undefined) {
    const { maximumFractionDigits } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
    digits = Math.min(scale, maximumFractionDigits ?? 0)
    known.set(currency, digits)
  }
  return digits
}
