import { hash } from 'node:crypto'

/**
 * A value of the contract in memory: times in ms, money as decimal text. In nested objects what is not stated is left
 * out, so that one value has one form.
 */
export type Plain = null | boolean | number | string | readonly Plain[] | PlainObject
export type PlainObject = { readonly [name: string]: Plain }

export const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A decoded value without its class and without the nulls inside it. Throws on what the contract cannot hold. */
export function toPlain(value: unknown): Plain {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  if (Array.isArray(value)) return value.map(toPlain)
  if (!isPlainObject(value)) throw new TypeError(`no value of the contract: ${typeof value}`)
  return toPlainObject(value)
}

export function toPlainObject(value: Readonly<Record<string, unknown>>): PlainObject {
  const plain: { [name: string]: Plain } = {}
  for (const name of Object.keys(value)) {
    const member = value[name]
    if (member !== null && member !== undefined) setMember(plain, name, toPlain(member))
  }
  return plain
}

/** Assignment, also of a member that a shop named `__proto__`. */
export function setMember<T>(object: { [name: string]: T }, name: string, value: T): void {
  if (name === '__proto__')
    Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true })
  else object[name] = value
}

/** Equal in content, whatever the order of keys. */
export function same(one: Plain | undefined, other: Plain | undefined): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false
    return one.every((member, at) => same(member, other[at]))
  }
  if (!isObject(one) || !isObject(other)) return false
  const names = Object.keys(one)
  if (names.length !== Object.keys(other).length) return false
  return names.every((name) => Object.hasOwn(other, name) && same(one[name], other[name]))
}

/** Of a value that is no scalar. */
const isObject = (value: readonly Plain[] | PlainObject): value is PlainObject => !Array.isArray(value)

/** Whether two values say the same, but for case and blanks. */
export const areAlike = (one: Plain, other: Plain): boolean => same(one, other) || same(wordsOf(one), wordsOf(other))

function wordsOf(value: Plain): Plain {
  if (typeof value === 'string') return value.normalize('NFC').toLowerCase().replaceAll(/\s+/gu, '')
  if (value === null || typeof value !== 'object') return value
  if (!isObject(value)) return value.map(wordsOf)
  const words: { [name: string]: Plain } = {}
  for (const [name, member] of Object.entries(value)) setMember(words, name, wordsOf(member))
  return words
}

/** One text for one value: JSON with the keys in order. Written piece by piece: every change has a record's whole image. */
export function textOf(value: Plain): string {
  if (typeof value === 'string') return quoted(value)
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  let text = ''
  if (!isObject(value)) {
    for (const member of value) text += text === '' ? textOf(member) : `,${textOf(member)}`
    return `[${text}]`
  }
  for (const name of Object.keys(value).sort()) {
    text += `${text === '' ? '' : ','}${quoted(name)}:${textOf(value[name] ?? null)}`
  }
  return `{${text}}`
}

/** Without a quote, a backslash or a character that JSON may have to write otherwise. */
const bare = /^[ !#-[\]-~]*$/
const quoted = (text: string): string => (bare.test(text) ? `"${text}"` : JSON.stringify(text))

/** Text up to this long stands for itself. */
const shortText = 16

/** Stands for a value where only sameness counts: short values as they are, long ones as 66 bits of their SHA-256. */
export function digestOf(value: Plain): string {
  const text = textOf(value)
  return text.length <= shortText ? text : `#${hash('sha256', text, 'base64url').slice(0, 11)}`
}
