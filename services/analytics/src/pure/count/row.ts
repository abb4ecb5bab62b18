import { fromMillionths, toMillionths } from './amount.ts'

/** What a row counts. */
export const rowTypes = ['ai_sessions', 'funnel', 'orders', 'attributed'] as const
export type RowType = (typeof rowTypes)[number]

/** Which figures a row holds: one hour of a store (or of a platform), of all or of what one dimension singles out. */
export type RowKey = {
  type: RowType
  merchantId: string
  platform: string
  /** Empty where the row is of the whole platform. */
  storeId: string
  /** `YYYY-MM-DD-HH`, UTC. */
  hour: string
  /** `all`, or by what `value` tells apart. */
  dimension: string
  value: string
  /** ISO 4217; empty where a row has no amounts, or while none is known. */
  currency: string
}

/** Figures by name: numbers are counts, texts are amounts (canonical decimals). */
export type Figures = Readonly<Record<string, number | string>>

/** What something adds to a row. */
export type Added = { row: string; add: Figures }

const parts = ['type', 'merchantId', 'platform', 'storeId', 'hour', 'dimension', 'value', 'currency'] as const

/** `_id` of the row. */
export const rowId = (key: RowKey): string =>
  parts.map((part) => key[part].replaceAll('%', '%25').replaceAll('|', '%7C')).join('|')

/** The row that {@link rowId} named. Throws RangeError on any other text. */
export function parseRowId(id: string): RowKey {
  const [type, merchantId, platform, storeId, hour, dimension, value, currency] = id
    .split('|')
    .map((part) => part.replaceAll('%7C', '|').replaceAll('%25', '%'))
  const known = rowTypes.find((name) => name === type)
  if (known === undefined || !merchantId || !platform || !hour || !dimension || currency === undefined)
    throw new RangeError(`not the id of a row: ${JSON.stringify(id.slice(0, 80))}`)
  return { type: known, merchantId, platform, storeId: storeId ?? '', hour, dimension, value: value ?? '', currency }
}

/** Figure by figure. What one of them does not name counts as nothing there. */
export function plus(one: Figures, other: Figures): Figures {
  const sum: Record<string, number | string> = { ...one }
  for (const [name, value] of Object.entries(other)) sum[name] = sumOf(sum[name], value)
  return sum
}

function sumOf(one: number | string | undefined, other: number | string): number | string {
  if (one === undefined) return other
  if (typeof one === 'number' && typeof other === 'number') return one + other
  return fromMillionths(toMillionths(String(one)) + toMillionths(String(other)))
}

export const minus = (figures: Figures): Figures =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, negative(value)]))

const negative = (value: number | string): number | string =>
  typeof value === 'number' ? 0 - value : fromMillionths(-toMillionths(value))

/** Additions row by row; rows to which they come to nothing are left out. */
export function sumByRow(additions: Iterable<Added>): Map<string, Figures> {
  const sums = new Map<string, Figures>()
  for (const { row, add } of additions) sums.set(row, plus(sums.get(row) ?? {}, add))
  for (const [row, figures] of sums) if (Object.values(figures).every(isNothing)) sums.delete(row)
  return sums
}

const isNothing = (value: number | string): boolean => value === 0 || value === '0'
