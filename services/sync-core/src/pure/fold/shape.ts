import type { RecordKind } from '../kinds.ts'
import { digestOf, toPlain } from '../plain.ts'
import { type Stating, said } from '../statement.ts'
import { listed } from './keyed-list.ts'

/**
 * What a statement said of the tracked fields, as digests, in one canonical text: two statements that said the same
 * have the same shape, and a record keeps each shape once. Empty where a statement said nothing of them.
 */
export type Shape = string

/** A field, or one element of a list as `variants:4711`. */
export type Fact = string

/** Facts with their digests, and the lists that were whole. */
export type ReadShape = { readonly facts: readonly (readonly [Fact, string])[]; readonly whole: readonly string[] }

/** Longer lists are compared as one value: 2,048 variants that are repriced every hour must not fill a document. */
const mostElements = (kind: RecordKind): number => (kind.datedApart ? 16 : 64)

/** The fact of a whole list that is too long to be compared by element. */
export const listFact = (field: string): Fact => `${field}:`
/** The whole list's fact for one that speaks of a list; undefined for a field's. */
export const listOf = (fact: Fact): Fact | undefined => {
  const colon = fact.indexOf(':')
  return colon < 0 ? undefined : fact.slice(0, colon + 1)
}
export const elementFact = (field: string, key: string): Fact => `${field}:${key}`

export function shapeOf(kind: RecordKind, statement: Stating): Shape {
  const facts: [Fact, string][] = []
  const whole: string[] = []
  for (const field of kind.tracked) {
    const value = said(statement, field)
    if (value !== undefined) facts.push([field, digestOf(toPlain(value))])
  }
  for (const { field, tracked } of kind.lists) {
    if (tracked === undefined) continue
    const list = listed(statement, field)
    if (list === undefined) continue
    const keys = [...list.elements.keys()].sort()
    const elements = keys.map((key) => tracked(list.elements.get(key) ?? {}))
    if (keys.length > mostElements(kind)) facts.push([listFact(field), digestOf([keys, elements])])
    else facts.push(...keys.map((key, at): [Fact, string] => [elementFact(field, key), digestOf(elements[at] ?? null)]))
    if (list.whole) whole.push(field)
  }
  return facts.length === 0 && whole.length === 0 ? '' : JSON.stringify([facts, whole])
}

/** The inverse of what `shapeOf` writes. Throws on text that it did not write. */
export function readShape(shape: Shape): ReadShape {
  const read: unknown = JSON.parse(shape)
  if (!Array.isArray(read)) throw new TypeError('no shape')
  const [facts, whole]: unknown[] = read
  if (!Array.isArray(facts) || !facts.every(isFact) || !Array.isArray(whole) || !whole.every(isText)) {
    throw new TypeError('no shape')
  }
  return { facts, whole }
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isFact = (value: unknown): value is [string, string] =>
  Array.isArray(value) && value.length === 2 && isText(value[0]) && isText(value[1])
