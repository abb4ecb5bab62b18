import type { Random } from '../random.ts'
import type { Json } from './documents.ts'

/** Fields that plugins are known to turn from text into numbers or back, without changing what they say. */
const turned: ReadonlySet<string> = new Set(['id', 'sku', 'quantity', 'product_id', 'customer_id', 'number'])

/** A document as a shop with careless plugins would send it: other types, the same facts. */
export function mangled(random: Random, document: Json): Json {
  if (Array.isArray(document)) return document.map((each) => mangled(random, each))
  if (document === null || typeof document !== 'object') return document
  const entries = Object.entries(document).map(([name, value]): [string, Json] => {
    if (name === 'prices_include_tax') return [name, value === true ? 'yes' : 'no']
    // A list that lost an element is an object in PHP's JSON.
    if (name === 'meta_data' && Array.isArray(value) && random.chance(0.5)) return [name, withKeys(value)]
    if (turned.has(name)) return [name, turn(value)]
    return [name, mangled(random, value)]
  })
  return Object.fromEntries(entries)
}

const withKeys = (list: readonly Json[]): Json => Object.fromEntries(list.map((each, at) => [String(at + 1), each]))

function turn(value: Json): Json {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && /^[1-9]\d{0,9}$/.test(value) ? Number(value) : value
}
