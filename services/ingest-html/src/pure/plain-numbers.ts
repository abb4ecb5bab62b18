import { isLosslessNumber } from 'lossless-json'

/**
 * The document with plain numbers. A whole number that no plain one can be stays the text of its digits: an id that
 * somebody sent without quotes is that id.
 */
export function plainNumbers(value: unknown): unknown {
  if (isLosslessNumber(value)) {
    const number = Number(value.value)
    return Number.isInteger(number) && !Number.isSafeInteger(number) ? value.value : number
  }
  if (Array.isArray(value)) return value.map(plainNumbers)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plainNumbers(field)]))
}
