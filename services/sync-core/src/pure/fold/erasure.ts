import { type Moment, momentOf, platformAtOf } from '../moment.ts'
import type { RecordState } from '../record.ts'
import { isStating, type Statement, type Stating } from '../statement.ts'
import type { Existence } from './existence.ts'
import { impersonal, isPersonal } from './impersonal.ts'
import { type Element, emptyList, isNewer, keyOf, type ListState, listed } from './keyed-list.ts'
import type { SinceLog } from './since-log.ts'

/**
 * Until when what was stated of a record is erased, by the store's time in ms; what was stated later counts. A function
 * of the set of erasures, as the record is one of the set of its statements: an erasure may come before what it erases,
 * after what it does not erase, and any number of times. docs/adr/0023-erasure.md has the reasons.
 */
export type Erasure = {
  /** Nothing that was stated until then counts any more. */
  readonly whole?: number
  /** Nothing personal that was stated until then. */
  readonly personal?: number
  /** Keyed hash of whose data it was, as the newest of the requests names them. */
  readonly subject: string
}

export function foldErasure(held: Erasure | undefined, statements: readonly Statement[]): Erasure | undefined {
  let erasure = held
  for (const { moment, says } of statements) {
    if (says.what === 'erased')
      erasure = latest(erasure, { [says.extent]: platformAtOf(moment), subject: says.subject })
  }
  return erasure
}

/** The erasure that has both; the first itself when the other adds nothing. */
function latest(held: Erasure | undefined, added: Erasure): Erasure {
  if (held === undefined) return added
  const [at, addedAt] = [atOf(held), atOf(added)]
  const isNewer = addedAt > at || (addedAt === at && added.subject > held.subject)
  const adds = (extent: 'whole' | 'personal') => (added[extent] ?? -1) > (held[extent] ?? -1)
  if (!isNewer && !adds('whole') && !adds('personal')) return held
  const both = { ...held, subject: isNewer ? added.subject : held.subject }
  if (added.whole !== undefined && adds('whole')) both.whole = added.whole
  if (added.personal !== undefined && adds('personal')) both.personal = added.personal
  return both
}

/** Until when anything of the record is erased, ms. */
export const atOf = ({ whole = -1, personal = -1 }: Erasure): number => Math.max(whole, personal)

const isUntil = (moment: Moment, at: number | undefined): boolean => at !== undefined && platformAtOf(moment) <= at

/** What of some statements counts beside an erasure. */
export function counting(statements: readonly Statement[], { whole, personal }: Erasure): readonly Statement[] {
  return statements.flatMap((statement): Statement[] => {
    const { moment, says } = statement
    if (isUntil(moment, whole)) {
      // a deletion after which nothing brings the entity back holds all the same: it names nobody
      if (!isStating(statement)) return says.what === 'deleted' && says.terminal ? [statement] : []
      return outliving(statement)
    }
    return isStating(statement) && isUntil(moment, personal) ? [withoutPersonal(statement)] : [statement]
  })
}

/** The elements of a statement that stay when everything else is erased. */
function outliving(statement: Stating): Stating[] {
  const values = statement.kind.lists.flatMap(({ field, outlivesErasure }): [string, unknown][] => {
    const list = outlivesErasure && listed(statement, field)
    if (!list || list.elements.size === 0) return []
    return [[field, [...list.elements].flatMap(([key, value]) => (outlivesErasure(key) ? [value] : []))]]
  })
  if (values.length === 0) return []
  return [{ ...statement, says: { what: 'values', values: Object.fromEntries(values), cleared: [], complete: {} } }]
}

function withoutPersonal(statement: Stating): Stating {
  const { kind, says } = statement
  const values = Object.entries(says.values).map(([field, value]) => [field, impersonal(kind, field, value)])
  const cleared = says.cleared.filter((field) => !isPersonal(kind, field))
  return { ...statement, says: { ...says, values: Object.fromEntries(values), cleared } }
}

const dayMs = 24 * 60 * 60 * 1_000
/**
 * From when on statements are dated by the log: the day after the erasure. The log thins out by parts of days, so what it
 * kept of the day itself would depend on what had come before the erasure did.
 */
export const datedFrom = ({ whole }: Erasure): number =>
  whole === undefined ? 0 : (Math.floor(whole / dayMs) + 1) * dayMs

/**
 * A record as if what is erased had never been stated. The same as folding what counts, whichever came first: of every
 * field and element a record holds the newest statement, and where that is erased all are.
 */
export function cut(record: RecordState, erasure: Erasure): RecordState {
  const { kind, registers, lists } = record
  const values: Record<string, RecordState['registers']['values'][string]> = {}
  const stated: Record<string, Moment> = {}
  for (const field of kind.registers) {
    const [value, moment] = [registers.values[field], registers.stated[field]]
    if (value === undefined || moment === undefined) continue
    const left = leftOf(record, field, { value, moment }, erasure)
    if (left === undefined) continue
    values[field] = left
    stated[field] = moment
  }
  const cutLists = kind.lists.map(({ field, outlivesErasure = () => false }) => {
    const list = lists[field] ?? emptyList
    return [field, cutList(record, field, list, erasure, outlivesErasure)] as const
  })
  return {
    ...record,
    registers: { values, stated },
    lists: Object.fromEntries(cutLists),
    existence: cutExistence({ ...record.existence, erased: erasure }),
    since: cutLog(record.since, datedFrom(erasure)),
  }
}

type Held = { readonly value: RecordState['registers']['values'][string]; readonly moment: Moment }

/** What is left of a value; undefined for nothing. */
function leftOf({ kind }: RecordState, field: string, { value, moment }: Held, { whole, personal }: Erasure) {
  if (isUntil(moment, whole)) return undefined
  if (!isUntil(moment, personal)) return value
  return value === null && isPersonal(kind, field) ? undefined : impersonal(kind, field, value)
}

function cutList(
  { kind }: RecordState,
  field: string,
  list: ListState,
  { whole, personal }: Erasure,
  outlives: (key: string) => boolean,
): ListState {
  const elements = new Map<string, Element>()
  for (const [key, element] of list.elements) {
    if (isUntil(element.moment, whole) && !outlives(key)) continue
    const isCut = isUntil(element.moment, personal)
    const left = isCut ? { ...element, value: impersonal(kind, field, element.value) } : element
    // what has no id is known by its content
    const name = isCut ? keyOf(left.value) : key
    const other = elements.get(name)
    if (other === undefined || isNewer(left, other)) elements.set(name, left)
  }
  const isLater = (at: number) => whole === undefined || at > whole
  return {
    elements,
    wholeAt: list.wholeAt !== '' && isLater(platformAtOf(list.wholeAt)) ? list.wholeAt : '',
    gone: new Map([...list.gone].filter(([, at]) => isLater(at))),
    former: new Map([...list.former].filter(([, { moment }]) => !isUntil(moment, whole))),
  }
}

/**
 * Without signs of life and deletions that are erased; `held` itself where that is what is left. When the entity was
 * first spoken of is not known any more, but that it was after the erasure.
 */
export function cutExistence(existence: Existence, held: Existence = existence): Existence {
  const { erased, first, live, gone, terminal } = existence
  const whole = erased?.whole
  if (erased === undefined || whole === undefined) return existence
  const isAlive = live !== undefined && !isUntil(live, whole)
  const left: Existence = {
    ...(first === undefined || !isAlive
      ? {}
      : { first: momentOf({ platformAt: whole, triggeredAt: null, eventId: '' }) }),
    ...(isAlive ? { live } : {}),
    ...(gone === undefined || isUntil(gone.moment, whole) ? {} : { gone }),
    ...(terminal === undefined ? {} : { terminal }),
    erased,
  }
  return parts.every((part) => left[part] === held[part]) ? held : left
}

const parts = ['first', 'live', 'gone', 'terminal', 'erased'] as const

function cutLog({ entries, floor }: SinceLog, from: number): SinceLog {
  if (from === 0) return { entries, floor }
  return {
    entries: entries.filter(({ moment }) => platformAtOf(moment) >= from),
    floor: new Map([...floor].filter(([, { moment }]) => platformAtOf(moment) >= from)),
  }
}
