import { isPlainObject, type Plain, type PlainObject, same, textOf, toPlainObject } from '../plain.ts'

/** A change of a document, kept in the document until it was told. (document, version) names it. */
export type Change = {
  /** The document's version after it. */
  readonly version: number
  readonly kind: 'created' | 'updated' | 'deleted' | 'redirected' | 'erased'
  /** What differs. */
  readonly fields: readonly string[]
  /** What these fields held before, as canonical JSON text; null of a new document, or where it is too large. */
  readonly from: string | null
  /** Events that first stated values which the document did not rest on before. */
  readonly causes: readonly string[]
  /** The policy's rule, where one settled all that changed: `users.phone: last_write_wins`. */
  readonly rule: string | null
  /** When it was saved, ms. */
  readonly at: number
}

/** Documents are held in memory and travel in Kafka: what was before is worth telling while it is small. */
const longestFrom = 64 * 1024
/** A merge of many may rest on very many. */
const mostCauses = 100

/** What a write changes. `before` is undefined for a document that was not there. */
export function changeOf(
  before: PlainObject | undefined,
  after: PlainObject,
  of: { readonly collection: string; readonly version: number; readonly at: number },
): Change {
  const was = before ?? {}
  const fields = differing(was, after)
  const known = new Set(originsIn(was))
  const causes = originsIn(after).filter((event) => !known.has(event))
  return {
    version: of.version,
    kind: kindOf(before, after),
    fields,
    from: before === undefined ? null : heldBefore(was, fields, longestFrom),
    causes: [...new Set(causes)].sort().slice(0, mostCauses),
    rule: ruleOf(after, fields, of.collection),
    at: of.at,
  }
}

function kindOf(before: PlainObject | undefined, after: PlainObject): Change['kind'] {
  if (after['erased'] === true) return 'erased'
  if (after['redirectTo'] !== undefined) return 'redirected'
  if (after['deleted'] === true && before?.['deleted'] !== true) return 'deleted'
  return before === undefined ? 'created' : 'updated'
}

/** The fields in which two images differ, in order. */
export function differing(was: PlainObject, is: PlainObject): string[] {
  const fields = Object.keys(is).filter((name) => !same(was[name], is[name]))
  for (const name of Object.keys(was)) if (is[name] === undefined) fields.push(name)
  return fields.sort()
}

/** What an image held of some fields, given in order, as canonical JSON text; null where that is longer than `longest`. */
export function heldBefore(was: PlainObject, fields: readonly string[], longest: number): string | null {
  let [text, separator] = ['{', '']
  for (const field of fields) {
    const value = was[field]
    if (value === undefined) continue
    text += `${separator}${textOf(field)}:${textOf(value)}`
    separator = ','
    if (text.length >= longest) return null
  }
  return `${text}}`
}

/** Events that first stated what is shown, or what is in conflict with it. */
function originsIn(image: PlainObject): string[] {
  const shown = Object.values(objectAt(image, 'provenance')).flatMap((origin) => listAt(origin, 'from'))
  const sides = listAt(image, 'conflicts').flatMap((conflict) => listAt(conflict, 'sides'))
  return [...shown, ...sides].flatMap((side) => {
    const event = isPlainObject(side) ? side['event'] : undefined
    return typeof event === 'string' ? [event] : []
  })
}

function ruleOf(after: PlainObject, fields: readonly string[], collection: string): string | null {
  const provenance = objectAt(after, 'provenance')
  const rules = fields.flatMap((field) => {
    const origin = provenance[field]
    const rule = isPlainObject(origin) ? origin['rule'] : undefined
    return typeof rule === 'string' ? [`${collection}.${field}: ${rule}`] : []
  })
  return rules.length === 1 ? (rules[0] ?? null) : null
}

const objectAt = (image: PlainObject, name: string): PlainObject => {
  const value = image[name]
  return isPlainObject(value) ? toPlainObject(value) : {}
}
const listAt = (value: Plain, name: string): readonly Plain[] => {
  const list = isPlainObject(value) ? value[name] : undefined
  return Array.isArray(list) ? list : []
}
