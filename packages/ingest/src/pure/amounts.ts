import { addDecimals, canonicalDecimal } from '@varai/schemas'

const millionths = 6

/** Sum of amounts; undefined where it needs more digits than the contract has. */
export const sum = (...amounts: readonly string[]): string | undefined => canonicalDecimal(addDecimals('0', ...amounts))

export const negated = (amount: string): string =>
  amount.startsWith('-') ? amount.slice(1) : amount === '0' ? amount : `-${amount}`

export const difference = (from: string, less: string): string | undefined => sum(from, negated(less))

/** An amount without its sign: platforms state what went back as negative. */
export const unsigned = (amount: string): string => amount.replace(/^-/, '')

/** An amount split evenly, to six digits, halves away from zero; undefined for none to split among. */
export function quotient(amount: string, among: number): string | undefined {
  if (!Number.isSafeInteger(among) || among === 0) return undefined
  const [whole = '0', fraction = ''] = unsigned(amount).split('.')
  const dividend = BigInt(whole + fraction.padEnd(millionths, '0'))
  const divisor = BigInt(Math.abs(among))
  const digits = String((2n * dividend + divisor) / (2n * divisor)).padStart(millionths + 1, '0')
  const text = canonicalDecimal(`${digits.slice(0, -millionths)}.${digits.slice(-millionths)}`)
  return text !== undefined && amount.startsWith('-') !== among < 0 ? negated(text) : text
}
