import { Decimal128 } from 'mongodb'
import { Near } from './near.ts'

/** Where two documents differ, at the smallest place that tells: `items[2].price`. */
export type ValueDifference = { field: string; expected: unknown; found: unknown }

/** Lists whose elements have an id and no order: the elements are compared by id, wherever they stand. */
const keyedLists: ReadonlySet<string> = new Set(['variants', 'refunds', 'fulfilments', 'addresses'])

/**
 * Compares what a document must say with what it says, field by field. Null, a missing field and an empty list all say
 * "nothing". A value of another type than expected differs: money is Decimal128, times are dates, ids are texts.
 */
export function compareFields(
  expected: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
): ValueDifference[] {
  return Object.keys(expected).flatMap((field) => compareValues(field, field, expected[field], found[field]))
}

function compareValues(name: string, path: string, expected: unknown, found: unknown): ValueDifference[] {
  if (isNothing(expected) && isNothing(found)) return []
  if (expected instanceof Near) return expected.fits(found) ? [] : [{ field: path, expected: expected.value, found }]
  if (Array.isArray(expected) && Array.isArray(found)) return compareLists(name, path, expected, found)
  if (isPlainObject(expected) && isPlainObject(found)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(found)])
    return [...names].flatMap((each) => compareValues(each, `${path}.${each}`, expected[each], found[each]))
  }
  return comparable(expected) === comparable(found) ? [] : [{ field: path, expected, found }]
}

function compareLists(name: string, path: string, expected: unknown[], found: unknown[]): ValueDifference[] {
  if (expected.length !== found.length)
    return [{ field: `${path}.length`, expected: expected.length, found: found.length }]
  const [ours, theirs] = keyedLists.has(name) ? [byId(expected), byId(found)] : [expected, found]
  return ours.flatMap((each, at) => compareValues(name, `${path}[${at}]`, each, theirs[at]))
}

const byId = (list: readonly unknown[]): unknown[] => list.toSorted((one, other) => (idOf(one) < idOf(other) ? -1 : 1))

const idOf = (of: unknown): string => (isPlainObject(of) ? String(of['id']) : '')

const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0)

const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** One text for one value: equal amounts are equal however many zeros they have; a number is never a text. */
function comparable(value: unknown): string {
  if (value instanceof Decimal128) return `decimal ${withoutZeros(value.toString())}`
  if (value instanceof Date) return `time ${value.getTime()}`
  return `${typeof value} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`
}

/** Decimal text in one form; Decimal128 writes exponents where there are many zeros. */
function withoutZeros(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d*))?(?:E([+-]?\d+))?$/.exec(text)
  if (match === null) return text
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  let digits = (whole + fraction).replace(/^0+/, '')
  let scale = Number(exponent) - fraction.length
  while (digits.endsWith('0')) {
    digits = digits.slice(0, -1)
    scale += 1
  }
  return digits === '' ? '0' : `${sign}${digits}e${scale}`
}
