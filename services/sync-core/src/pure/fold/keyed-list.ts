import { type Moment, platformAtOf, timesOf } from '../moment.ts'
import { digestOf, isPlainObject, type PlainObject, same, toPlainObject } from '../plain.ts'
import { isStating, type Statement, type Stating, said } from '../statement.ts'
import { wins } from './registers.ts'

/**
 * A list of elements with ids: of each element the newest statement that lists it wins. An element goes when a newer
 * statement that says the list is whole does not list it, or when its own deletion is not older than what lists it.
 */
export type ListState = {
  readonly elements: ReadonlyMap<string, Element>
  /** Times of the newest statement that listed the whole; empty before the first. */
  readonly wholeAt: string
  /** The store's time (ms) of the newest deletion of an element by itself. */
  readonly gone: ReadonlyMap<string, number>
  /** What is remembered of elements that are not there any more, by the newest statement that listed them. */
  readonly former: ReadonlyMap<string, Element>
}
export type Element = { readonly value: PlainObject; readonly moment: Moment }

export const emptyList: ListState = { elements: new Map(), wholeAt: '', gone: new Map(), former: new Map() }

/** An element's id; what has none is known by its content. */
export const keyOf = (element: PlainObject): string => {
  const id = element['id']
  return typeof id === 'string' && id !== '' ? id : digestOf(element)
}

/** What a statement says of a list: its elements by key, and whether those are all; undefined where it is silent. */
export function listed(
  statement: Stating,
  field: string,
): { elements: Map<string, PlainObject>; whole: boolean } | undefined {
  const value = said(statement, field)
  if (value === undefined) return undefined
  if (value === null) return { elements: new Map(), whole: true }
  if (!Array.isArray(value)) throw new TypeError(`${field} is no list`)
  const elements = new Map<string, PlainObject>()
  for (const element of value) {
    if (!isPlainObject(element)) throw new TypeError(`an element of ${field} is no object`)
    const plain = toPlainObject(element)
    elements.set(keyOf(plain), plain)
  }
  return { elements, whole: statement.says.complete[field] === true }
}

/** What is kept of an element when it has gone. */
export type Remembers = (element: PlainObject) => PlainObject

/**
 * So many elements are remembered at most, those with the newest statements: some shops make a variant for every order.
 * Counted among all elements, present ones included, so that what was dropped once never comes back, in any order.
 */
const mostRemembered = 2_000

/**
 * The list after some more statements, in any order; the same object when nothing of it changes. `parts`: whether
 * elements are deleted by themselves.
 */
export function foldList(
  held: ListState,
  statements: readonly Statement[],
  field: string,
  {
    parts,
    remembers,
    most,
    settles = wins,
  }: {
    readonly parts: boolean
    readonly remembers?: Remembers | undefined
    readonly most?: number | undefined
    /** Which of two values of one moment wins. */
    readonly settles?: typeof wins
  },
): ListState {
  const list = new OpenList(held, remembers, most, settles)
  for (const statement of statements) {
    if (isStating(statement)) {
      const said = listed(statement, field)
      if (said !== undefined) list.take(said.elements, said.whole, statement.moment)
    } else if (parts && statement.says.what === 'part deleted') {
      list.bury(statement.says.part, platformAtOf(statement.moment))
    }
  }
  return list.close()
}

/** A list being folded. What no later statement could bring back is left out as soon as that is known. */
class OpenList {
  readonly #held: ListState
  #elements: Map<string, Element> | undefined
  #gone: Map<string, number> | undefined
  #heard: Map<string, Element> | undefined
  #wholeAt: string
  readonly #remembers: Remembers | undefined
  readonly #most: number | undefined

  readonly #settles: typeof wins

  constructor(held: ListState, remembers: Remembers | undefined, most: number | undefined, settles: typeof wins) {
    this.#held = held
    this.#settles = settles
    this.#most = most
    this.#wholeAt = held.wholeAt
    this.#remembers = remembers
  }

  take(elements: ReadonlyMap<string, PlainObject>, whole: boolean, moment: Moment): void {
    for (const [key, value] of elements) {
      this.#hear(key, value, moment)
      const known = (this.#elements ?? this.#held.elements).get(key)
      if (
        known !== undefined &&
        (known.moment > moment || (known.moment === moment && !this.#wins(value, known.value)))
      )
        continue
      if (this.#isOver(key, moment)) continue
      this.#elements ??= new Map(this.#held.elements)
      this.#elements.set(key, { value, moment })
    }
    if (whole && timesOf(moment) > this.#wholeAt) this.#wholeAt = timesOf(moment)
  }

  #hear(key: string, value: PlainObject, moment: Moment): void {
    if (this.#remembers === undefined) return
    const heard = this.#heard?.get(key)
    const kept = this.#remembers(value)
    if (heard !== undefined && !isNewer({ value: kept, moment }, heard)) return
    this.#heard ??= new Map()
    this.#heard.set(key, { value: kept, moment })
  }

  /** Settles a tie of moments, first by what is remembered: that must not depend on when the element went. */
  #wins(value: PlainObject, held: PlainObject): boolean {
    if (this.#remembers === undefined) return this.#settles(value, held)
    const [kept, keptBefore] = [this.#remembers(value), this.#remembers(held)]
    return same(kept, keptBefore) ? wins(value, held) : wins(kept, keptBefore)
  }

  bury(key: string, at: number): void {
    if (at <= ((this.#gone ?? this.#held.gone).get(key) ?? -1)) return
    this.#gone ??= new Map(this.#held.gone)
    this.#gone.set(key, at)
  }

  close(): ListState {
    const wholeAt = this.#wholeAt
    const untouched = this.#elements === undefined && this.#gone === undefined && wholeAt === this.#held.wholeAt
    if (untouched && this.#heard === undefined) return this.#held
    const elements = this.#newest(
      new Map([...(this.#elements ?? this.#held.elements)].filter(([key, { moment }]) => !this.#isOver(key, moment))),
    )
    // older than the whole list: whatever such a deletion could bury is absent from the whole list as well
    const gone = new Map([...(this.#gone ?? this.#held.gone)].filter(([, at]) => !isBefore(at, wholeAt)))
    const next = { elements, wholeAt, gone, former: this.#formerBeside(elements) }
    return isSame(next, this.#held) ? this.#held : next
  }

  /** What was left out once never comes back: it would have to be newer than something that was kept. */
  #newest(elements: Map<string, Element>): ReadonlyMap<string, Element> {
    if (this.#most === undefined || elements.size <= this.#most) return elements
    return new Map([...elements].sort(newestFirst).slice(0, this.#most))
  }

  #formerBeside(elements: ReadonlyMap<string, Element>): ReadonlyMap<string, Element> {
    const remembers = this.#remembers
    if (remembers === undefined) return this.#held.former
    const former = new Map(this.#held.former)
    const add = (key: string, element: Element) => {
      const known = former.get(key)
      if (known === undefined || isNewer(element, known)) former.set(key, element)
    }
    for (const [key, { value, moment }] of this.#held.elements) {
      if (!elements.has(key)) add(key, { value: remembers(value), moment })
    }
    for (const [key, element] of this.#heard ?? []) add(key, element)
    for (const key of elements.keys()) former.delete(key)
    if (former.size + elements.size <= mostRemembered) return former
    const kept = new Set(
      [...former, ...elements]
        .sort(newestFirst)
        .slice(0, mostRemembered)
        .map(([key]) => key),
    )
    return new Map([...former].filter(([key]) => kept.has(key)))
  }

  #isOver(key: string, moment: Moment): boolean {
    const buried = (this.#gone ?? this.#held.gone).get(key)
    return timesOf(moment) < this.#wholeAt || (buried !== undefined && platformAtOf(moment) <= buried)
  }
}

const newestFirst = (
  [key, { moment }]: readonly [string, Element],
  [otherKey, { moment: other }]: readonly [string, Element],
): number => (moment === other ? (key < otherKey ? -1 : 1) : moment > other ? -1 : 1)

const isBefore = (at: number, wholeAt: string): boolean => wholeAt !== '' && at < platformAtOf(wholeAt)

export const isNewer = (one: Element, other: Element): boolean =>
  one.moment === other.moment ? wins(one.value, other.value) : one.moment > other.moment

function isSame(one: ListState, other: ListState): boolean {
  if (one.wholeAt !== other.wholeAt || one.elements.size !== other.elements.size || one.gone.size !== other.gone.size) {
    return false
  }
  if (one.former.size !== other.former.size) return false
  for (const [key, element] of one.former) if (other.former.get(key) !== element) return false
  for (const [key, element] of one.elements) if (other.elements.get(key) !== element) return false
  for (const [key, at] of one.gone) if (other.gone.get(key) !== at) return false
  return true
}

/** The elements as a document lists them: by position or, where they have one, time, then by id. */
export function inOrder({ elements }: ListState): [key: string, element: Element][] {
  return [...elements].sort(([key, { value }], [otherKey, { value: other }]) => {
    const [position, otherPosition] = [positionOf(value), positionOf(other)]
    if (position !== otherPosition) return position < otherPosition ? -1 : 1
    return compareIds(key, otherKey)
  })
}

const positionOf = ({ position, at }: PlainObject): number =>
  typeof position === 'number' ? position : typeof at === 'number' ? at : Number.POSITIVE_INFINITY

/** Numbers by their size (they may be too long for a number type), everything else by its text. */
export function compareIds(one: string, other: string): number {
  const numeric = /^[1-9]\d*$/
  if (one.length !== other.length && numeric.test(one) && numeric.test(other)) return one.length - other.length
  if (one === other) return 0
  return one < other ? -1 : 1
}
