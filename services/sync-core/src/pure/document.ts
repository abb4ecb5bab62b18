import type { RecordChange } from './change/record-change.ts'
import { atOf, type Erasure } from './fold/erasure.ts'
import { deletedAt, type Existence, isDeleted } from './fold/existence.ts'
import { emptyList, inOrder, keyOf, type ListState } from './fold/keyed-list.ts'
import type { Run, Runs } from './fold/runs.ts'
import type { LogEntry, SinceLog } from './fold/since-log.ts'
import { type DecimalForm, fromStored, toStored } from './form.ts'
import { type Grouped, group, ungroup } from './group-moments.ts'
import { type Moment, platformAtOf } from './moment.ts'
import { isPlainObject, type Plain, type PlainObject, toPlainObject } from './plain.ts'
import type { RecordState } from './record.ts'
import { formsOfKind, type RecordKind } from './record-kind.ts'

/** A record as it lies in its collection. Values stand beside each other under the contract's names. */
export type RecordDocument = { readonly _id: string; readonly version: number } & Readonly<Record<string, unknown>>

/** What the fold must know beside the values; nobody else's business. */
type StoredFold = {
  readonly stated?: Grouped
  readonly lists: Readonly<Record<string, StoredList>>
  readonly first?: Moment
  readonly live?: Moment
  readonly gone?: { readonly moment: Moment; readonly reason: string }
  readonly terminal?: Moment
  /** ms */
  readonly tie?: number
  readonly erased?: Erasure
  /** [moment, index of its shape, time for comparisons across stores where it differs from the moment's] */
  readonly log: readonly (readonly [Moment, number, number?])[]
  readonly shapes: readonly string[]
  /** [fact, digest, moment, time as in `log`] */
  readonly floor: readonly (readonly [string, string, Moment, number?])[]
}
type StoredList = {
  readonly wholeAt?: string
  readonly stated?: Grouped
  /** [element, ms] */
  readonly gone?: readonly (readonly [string, number])[]
  /** [element, moment, what is remembered of it] */
  readonly former?: readonly (readonly [string, Moment, PlainObject])[]
}

type StoredChange = Omit<RecordChange, 'at'> & { readonly at: Date }

/** The document of a record. The same for the same record, down to the order of its keys. */
export function toDocument(record: RecordState, savedAt: Date, decimal: DecimalForm): RecordDocument {
  const { kind, registers, existence } = record
  const forms = formsOfKind(kind)
  const goneAt = deletedAt(existence)
  const deleted = isDeleted(existence)
  // one object that grows, with no copies in between: most of what an order's write takes is its many fields
  const document: { _id: string; version: number; [field: string]: unknown } = {
    _id: record.id,
    merchantId: record.merchantId,
    platform: record.platform,
    storeId: record.storeId,
    platformId: record.platformId,
    version: record.version,
    deleted,
  }
  const store = (field: string, value: Plain) => {
    document[field] = toStored(value, forms.get(field) ?? { is: 'same' }, decimal)
  }
  if (deleted && goneAt !== undefined) {
    document['deletedAt'] = new Date(goneAt)
    document['deletedReason'] = existence.gone?.reason
  }
  if (existence.erased !== undefined) {
    document['erasedAt'] = new Date(atOf(existence.erased))
    document['subject'] = existence.erased.subject
  }
  if (existence.first !== undefined) document['createdAt'] = new Date(platformAtOf(existence.first))
  if (existence.live !== undefined) document['updatedAt'] = new Date(platformAtOf(existence.live))
  document[kind.savedAs] = savedAt
  if (kind.derived !== undefined) Object.assign(document, kind.derived(record))
  for (const field of kind.registers) {
    const value = registers.values[field]
    if (value !== undefined) store(field, value)
  }
  for (const { field } of kind.lists) {
    store(
      field,
      inOrder(record.lists[field] ?? emptyList).map(([, { value }]) => value),
    )
  }
  if (record.change !== undefined) document['lastChange'] = toStoredChange(record.change)
  document['fold'] = toFold(record)
  return document
}

const toStoredChange = ({ at, ...change }: RecordChange): StoredChange => ({ ...change, at: new Date(at) })

function toFold({ kind, registers, lists, existence, since, tie }: RecordState): StoredFold {
  const shapes = [...new Set(since.entries.map(({ shape }) => shape))]
  const indexes = new Map(shapes.map((shape, at) => [shape, at]))
  const stated = group(kind.registers.flatMap((field) => pair(field, registers.stated[field])))
  return {
    ...(stated === undefined ? {} : { stated }),
    lists: Object.fromEntries(
      kind.lists.flatMap(({ field }) => {
        const list = lists[field]
        return list === undefined || isUnheard(list) ? [] : [[field, toStoredList(list)]]
      }),
    ),
    ...existence,
    ...(tie === undefined ? {} : { tie }),
    log: since.entries.map(({ moment, shape, at }) => [moment, indexes.get(shape) ?? 0, ...unless(at, moment)]),
    shapes,
    floor: [...since.floor]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([fact, { digest, moment, at }]) => [fact, digest, moment, ...unless(at, moment)]),
  }
}

const pair = (name: string, moment: Moment | undefined): [string, Moment][] =>
  moment === undefined ? [] : [[name, moment]]

const isUnheard = ({ elements, wholeAt, gone, former }: ListState): boolean =>
  elements.size === 0 && wholeAt === '' && gone.size === 0 && former.size === 0

/** Nearly always the moment's own time, which then need not be kept twice. */
const unless = (at: number, moment: Moment): [] | [number] => (at === platformAtOf(moment) ? [] : [at])

const byKey = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number => (one < other ? -1 : 1)

function toStoredList(list: ListState): StoredList {
  const stated = group(inOrder(list).map(([key, { moment }]) => [key, moment]))
  return {
    ...(list.wholeAt === '' ? {} : { wholeAt: list.wholeAt }),
    ...(stated === undefined ? {} : { stated }),
    ...(list.gone.size === 0 ? {} : { gone: [...list.gone].sort(byKey) }),
    ...(list.former.size === 0
      ? {}
      : { former: [...list.former].sort(byKey).map(([key, { value, moment }]) => [key, moment, value] as const) }),
  }
}

/** The inverse of `toDocument`. */
export function fromDocument(document: RecordDocument, kind: RecordKind, decimal: DecimalForm): RecordState {
  const forms = formsOfKind(kind)
  // sync-core is the only writer of its collections, so what lies there is what `toFold` wrote
  const fold = document['fold'] as StoredFold
  const change = document['lastChange'] as StoredChange | undefined
  const read = (field: string) => fromStored(document[field], forms.get(field) ?? { is: 'same' }, decimal)
  const text = (field: string) => String(document[field])
  const present = kind.registers.filter((field) => document[field] !== undefined)
  return {
    kind,
    id: document._id,
    merchantId: text('merchantId'),
    platform: text('platform'),
    storeId: text('storeId'),
    platformId: text('platformId'),
    version: document.version,
    registers: {
      values: Object.fromEntries(present.map((field) => [field, read(field)])),
      stated: Object.fromEntries(ungroup(fold.stated, present)),
    },
    lists: Object.fromEntries(kind.lists.map(({ field }) => [field, fromStoredList(read(field), fold.lists[field])])),
    existence: existenceOf(fold),
    since: sinceLogOf(fold),
    ...(fold.tie === undefined ? {} : { tie: fold.tie }),
    ...(change === undefined ? {} : { change: { ...change, at: change.at.getTime() } }),
  }
}

function existenceOf({ first, live, gone, terminal, erased }: StoredFold): Existence {
  return {
    ...(first === undefined ? {} : { first }),
    ...(live === undefined ? {} : { live }),
    ...(gone === undefined ? {} : { gone }),
    ...(terminal === undefined ? {} : { terminal }),
    ...(erased === undefined ? {} : { erased }),
  }
}

function sinceLogOf({ log, shapes, floor }: StoredFold): SinceLog {
  const entries = log.map(
    ([moment, index, at]): LogEntry => ({ moment, at: at ?? platformAtOf(moment), shape: shapes[index] ?? '' }),
  )
  const runs: Runs = new Map(
    floor.map(([fact, digest, moment, at]): [string, Run] => [
      fact,
      { digest, moment, at: at ?? platformAtOf(moment) },
    ]),
  )
  return { entries, floor: runs }
}

function fromStoredList(value: Plain, stored: StoredList | undefined): ListState {
  if (stored === undefined) return emptyList
  const values = new Map(
    (Array.isArray(value) ? value : []).filter(isPlainObject).map((element) => {
      const plain = toPlainObject(element)
      return [keyOf(plain), plain]
    }),
  )
  const moments = ungroup(stored.stated, [...values.keys()])
  return {
    elements: new Map(moments.map(([key, moment]) => [key, { value: values.get(key) ?? {}, moment }])),
    wholeAt: stored.wholeAt ?? '',
    gone: new Map(stored.gone),
    former: new Map(stored.former?.map(([key, moment, value]) => [key, { value, moment }])),
  }
}
