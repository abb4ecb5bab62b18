import { isLosslessNumber, stringify } from 'lossless-json'
import { type Read, readDecimal, readFlag, readId, readInteger, readText, readTime } from './foreign-values.ts'
import type { Failure, Translation } from './translation.ts'

/** More failures than this say nothing new and would not fit into a record header. */
const maxFailures = 50

type Findings = { readonly failures: Failure[]; readonly leftOut: string[] }

/**
 * Starts reading a foreign document, as `parseLossless` gives it. Every question is answered at once: a value that is
 * missing or wrong is noted and a placeholder returned, so that reading goes on and `result` tells all failures together.
 */
export const read = (body: unknown): Reader => new Reader(body, { failures: [], leftOut: [] })

/**
 * One object of a foreign document. `null`, an empty text and an absent key all count as "no value": what of them a
 * platform means as "emptied" is asked for with `emptied`. Keys are looked up as own properties only.
 */
export class Reader {
  readonly #fields: Readonly<Record<string, unknown>>
  readonly #findings: Findings
  /** Where it lies: nothing for the document, an index in a list. Paths are made when something is found. */
  readonly #parent: Reader | undefined
  readonly #key: string
  readonly #index: number | undefined
  /** A part that is not an object is one failure; its fields are not missing besides. */
  readonly #broken: boolean

  constructor(value: unknown, findings: Findings, parent?: Reader, key = '', index?: number) {
    this.#findings = findings
    this.#parent = parent
    this.#key = key
    this.#index = index
    this.#broken = !isObject(value)
    this.#fields = isObject(value) ? value : {}
    if (this.#broken) this.#note({ path: this.#path, reason: 'expected an object' })
  }

  /** True when the document has the key, even with null: the store speaks about it. */
  states(key: string): boolean {
    return Object.hasOwn(this.#fields, key)
  }

  /** True when there is a value under the key: not absent, not null, not an empty text. */
  has(key: string): boolean {
    return this.#value(key) !== undefined
  }

  /** The keys of the object, in its order. */
  keys(): string[] {
    return Object.keys(this.#fields)
  }

  /** True when there is a list under the key. */
  hasList(key: string): boolean {
    return Array.isArray(this.#value(key))
  }

  /** A value that may be anything, because people and plugins fill it in: text as it is, all else as JSON text. */
  freeText(key: string): string | undefined {
    const value = this.#value(key)
    if (value === undefined) return undefined
    return (typeof value === 'string' ? value : stringify(value))?.toWellFormed()
  }

  text(key: string): string {
    return this.#required(key, readText, '')
  }
  optionalText(key: string): string | undefined {
    const value = this.#value(key)
    return typeof value === 'string' ? value.toWellFormed() : this.#optional(key, readText)
  }
  /** Digits, exact. */
  id(key: string): string {
    return this.#required(key, readId, '0')
  }
  optionalId(key: string): string | undefined {
    return this.#optional(key, readId)
  }
  /** Canonical decimal text. */
  decimal(key: string): string {
    return this.#required(key, readDecimal, '0')
  }
  optionalDecimal(key: string): string | undefined {
    return this.#optional(key, readDecimal)
  }
  /** Epoch ms. */
  time(key: string): number {
    return this.#required(key, readTime, 0)
  }
  optionalTime(key: string): number | undefined {
    return this.#optional(key, readTime)
  }
  optionalFlag(key: string): boolean | undefined {
    return this.#optional(key, readFlag)
  }
  optionalInteger(key: string): number | undefined {
    return this.#optional(key, readInteger)
  }

  /** A required value in a form of its own, such as `readUtcTime`; `placeholder` stands for one that failed. */
  as<T>(key: string, form: (value: unknown) => Read<T>, placeholder: T): T {
    return this.#required(key, form, placeholder)
  }

  /**
   * A value that plugins may have mangled and that nothing depends on: what `form` cannot read is left out. PHP's
   * `false` for "none" is no value, except where the form takes it.
   */
  readable<T>(key: string, form: (value: unknown) => Read<T>): T | undefined {
    const value = this.#value(key)
    if (value === undefined) return undefined
    const result = form(value)
    if (result.ok) return result.value
    if (value !== false) this.leaveOut(key)
    return undefined
  }

  /**
   * The objects of a list that plugins may have mangled: a list that lost an element is an object with numbers for keys
   * in PHP's JSON. Undefined where the document does not speak of it, or holds no list in any form; what is no object
   * in the list is left out.
   */
  looseList(key: string): Reader[] | undefined {
    if (!this.states(key)) return undefined
    const value = this.#fields[key]
    const items = Array.isArray(value)
      ? value
      : isObject(value) && hasListKeys(value)
        ? Object.values(value)
        : undefined
    if (items === undefined) {
      if (this.has(key) && value !== false) this.leaveOut(key)
      return undefined
    }
    return items.flatMap((item, index) => {
      if (isObject(item)) return [new Reader(item, this.#findings, this, key, index)]
      this.leaveOut(`${key}[${index}]`)
      return []
    })
  }

  /** The object under the key, where it is one; anything else is left out. */
  looseChild(key: string): Reader | undefined {
    const value = this.#value(key)
    if (isObject(value)) return new Reader(value, this.#findings, this, key)
    // PHP writes an empty object as an empty list.
    const isEmpty = value === undefined || value === false || (Array.isArray(value) && value.length === 0)
    if (!isEmpty) this.leaveOut(key)
    return undefined
  }

  /** An amount that the contract may not be able to hold, such as a rate computed in floats: left out, never rounded. */
  decimalIfExact(key: string): string | undefined {
    const value = this.#value(key)
    const decimal = value === undefined ? undefined : readDecimal(value)
    if (decimal?.ok === false) this.leaveOut(key)
    return decimal?.ok ? decimal.value : undefined
  }

  /** The objects of a list; empty when there is no list. */
  list(key: string): Reader[] {
    return this.#items(key).map((item, index) => new Reader(item, this.#findings, this, key, index))
  }

  /** The texts of a list, without empty ones; empty when there is no list. */
  texts(key: string): string[] {
    return this.#items(key).flatMap((item, index) => {
      if (item === null || item === '') return []
      return [this.#taken(`${key}[${index}]`, readText(item), '')]
    })
  }

  /** The ids of a list, in exact digits; empty when there is no list. */
  ids(key: string): string[] {
    return this.#items(key).map((item, index) => this.#taken(`${key}[${index}]`, readId(item), '0'))
  }

  /** The object under the key; undefined when there is none. */
  child(key: string): Reader | undefined {
    const value = this.#value(key)
    return value === undefined ? undefined : new Reader(value, this.#findings, this, key)
  }

  /**
   * Which of our fields the document says are empty: their key is there, with null or an empty text. `fields` maps
   * our name to the document's key.
   */
  emptied(fields: Readonly<Record<string, string>>): string[] {
    return Object.keys(fields).filter((ours) => {
      const key = fields[ours]
      return key !== undefined && this.states(key) && !this.has(key)
    })
  }

  /** Notes that the value under the key cannot be used; the document cannot be translated. */
  fail(key: string, reason: string): void {
    this.#note({ path: this.#at(key), reason })
  }

  /** Notes that a free-form value could not be read and is therefore not stated; the document can be translated. */
  leaveOut(key: string): void {
    const { leftOut } = this.#findings
    const path = this.#at(key)
    if (!leftOut.includes(path) && leftOut.length < maxFailures) leftOut.push(path)
  }

  /** The value, unless anything that was read from this document, or from any part of it, failed. */
  result<T>(value: T): Translation<T> {
    const { failures, leftOut } = this.#findings
    return failures.length === 0 ? { ok: true, value, leftOut } : { ok: false, failures }
  }

  #required<T>(key: string, as: (value: unknown) => Read<T>, placeholder: T): T {
    const value = this.#value(key)
    if (value !== undefined) return this.#taken(key, as(value), placeholder)
    if (!this.#broken) this.fail(key, 'is missing')
    return placeholder
  }

  #optional<T>(key: string, as: (value: unknown) => Read<T>): T | undefined {
    const value = this.#value(key)
    return value === undefined ? undefined : this.#taken(key, as(value), undefined)
  }

  #taken<T, P>(key: string, result: Read<T>, placeholder: P): T | P {
    if (result.ok) return result.value
    this.fail(key, result.reason)
    return placeholder
  }

  #items(key: string): readonly unknown[] {
    const value = this.#value(key)
    if (value === undefined) return []
    if (Array.isArray(value)) return value
    this.fail(key, 'expected a list')
    return []
  }

  #value(key: string): unknown {
    const value = this.#fields[key]
    if (value === null || value === '') return undefined
    // What is inherited are objects and functions: only of these it has to be asked.
    const mayBeInherited = typeof value === 'object' || typeof value === 'function'
    return mayBeInherited && !this.states(key) ? undefined : value
  }

  get #path(): string {
    if (this.#parent === undefined) return ''
    return this.#parent.#at(this.#index === undefined ? this.#key : `${this.#key}[${this.#index}]`)
  }

  #at(key: string): string {
    const path = this.#path
    return path === '' ? key : `${path}.${key}`
  }

  /** Once: a value that is asked for twice is no more wrong for that. */
  #note(failure: Failure): void {
    const { failures } = this.#findings
    const isTold = failures.some(({ path, reason }) => path === failure.path && reason === failure.reason)
    if (!isTold && failures.length < maxFailures) failures.push(failure)
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value)

const hasListKeys = (value: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(value).every((key) => /^\d+$/.test(key))
