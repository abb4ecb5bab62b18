import { isReadable, platforms, type RecordOf } from '@varai/schemas'
import { admit, type Question } from '../../src/pure/admit.ts'
import { foldRecord } from '../../src/pure/fold/fold-record.ts'
import { emptyList, inOrder } from '../../src/pure/fold/keyed-list.ts'
import { eventIdOf, momentOf, platformAtOf } from '../../src/pure/moment.ts'
import type { RecordState } from '../../src/pure/record.ts'
import { days, deletion, type LaneEvent, noon } from '../events.ts'

/** After everything that the stores said of their own accord, and before any of it is too old. */
const askedAt = noon + days(28)

/** What stores answer when they are asked, the same whenever and however often they are. */
export type Answers = (question: Question) => LaneEvent[]

/**
 * What they said last of what is asked about, whole; or that there is no such thing, if they once said so without a time.
 * Where they said different things at one time, which of them is so is for the stores to know: here chance has it.
 */
export function answersOf(events: readonly LaneEvent[], there: number): Answers {
  const known = Map.groupBy(events, ({ value }) => nameOf(value))
  return ({ merchantId, platform, storeId, entityType, entityId, reason, causeEventId, platformAt }) => {
    const name = [merchantId, platform, storeId, entityType, entityId].join('|')
    const own = known.get(name) ?? []
    const isDoubted = own.some(
      ({ record, value }) => record === 'EntityDeleted' && !('confirmed' in value && value.confirmed),
    )
    const isThere = !isDoubted || ((digitsOf(name) ^ there) & 1) === 0
    const whole = isThere ? wholeOf(own) : undefined
    if (reason === 'tie') {
      const holders = [...known].filter(([other, about]) => other !== name && lists(about, name))
      return [...(whole === undefined ? [] : [whole]), ...holders.flatMap(([, about]) => wholeOf(about) ?? [])].map(
        (each) => answered(each, causeEventId, answeredAt(each)),
      )
    }
    const at = askedAt + (platformAt % 1_000)
    if (whole !== undefined) return [answered(whole, causeEventId, at)]
    const of = { merchantId, source: platform, storeId, entityId, platformAt: at, at }
    const head = { triggeredAt: at, ingestedAt: at, origin: 'api', eventId: `${causeEventId}|fetched|${at}|0` }
    return [deletion(entityType, { ...of, ...head } as Partial<RecordOf<'EntityDeleted'>>)]
  }
}

/** Long after the second that is asked about. */
const answeredAt = ({ value }: LaneEvent): number => Math.max(askedAt, value.platformAt + days(1))

const answered = ({ record, value }: LaneEvent, causeEventId: string, at: number): LaneEvent =>
  ({
    record,
    value: {
      ...{ ...value, triggeredAt: at, ingestedAt: at, origin: 'api' },
      eventId: `${causeEventId}|fetched|${value.platformAt}|0`,
    },
  }) as unknown as LaneEvent

/** What polls find in the end of everything of which different things may have been said at one time. */
export function polled(events: readonly LaneEvent[], answers: Answers): LaneEvent[] {
  return [...Map.groupBy(events.filter(isValues), ({ value }) => nameOf(value)).values()].flatMap((about) => {
    const [first] = about
    const times = about.map(({ value }) => value.platformAt)
    if (first === undefined || questionAbout(first) === undefined || new Set(times).size === times.length) return []
    const parts = about.flatMap(({ value }) => ('variants' in value ? (value.variants ?? []).map(({ id }) => id) : []))
    return [...new Set([first.value.entityId, ...parts])].flatMap((id) => {
      const question = questionAbout(first, id)
      return question === undefined ? [] : answers(question)
    })
  })
}

function questionAbout({ value }: LaneEvent, entityId = value.entityId): Question | undefined {
  const { merchantId, storeId, entityType, source, platformAt } = value
  const platform = platforms.find((each) => each === source && isReadable(each, entityType))
  if (platform === undefined) return undefined
  const causeEventId = `${source}|${storeId}|${entityType}|${entityId}|tie`
  return { ...{ merchantId, platform, storeId, entityType, entityId, platformAt, causeEventId }, reason: 'tie' }
}

/** How the things are of which a store can be asked, by the ids of their records; not those that were deleted, in whole or in part. */
export function truthOf(events: readonly LaneEvent[]): RecordState[] {
  const dead = new Set(events.flatMap(({ record, value }) => (record === 'EntityDeleted' ? [storeOf(value)] : [])))
  return [...Map.groupBy(events.filter(isValues), ({ value }) => nameOf(value)).values()].flatMap((about) => {
    const [first] = about
    if (first === undefined || questionAbout(first) === undefined || dead.has(storeOf(first.value))) return []
    return stirred(about) ?? []
  })
}

const isValues = ({ record }: LaneEvent): boolean => record !== 'EntityDeleted'

/** The record of what was said, where ties fall as chance has it. */
function stirred(about: readonly LaneEvent[]): RecordState | undefined {
  const statements = about.flatMap((event) => {
    const admission = admit(event)
    return admission.kind === 'statements' ? admission.statements : []
  })
  if (statements.length === 0) return undefined
  const other = statements.map((statement) => {
    const { moment } = statement
    const of = {
      platformAt: platformAtOf(moment),
      triggeredAt: (digitsOf(moment) * 7_919) % 1_000,
      eventId: eventIdOf(moment),
    }
    return { ...statement, moment: momentOf(of) }
  })
  return foldRecord(undefined, other).record
}

/** All that a store would say of a thing. */
function wholeOf(about: readonly LaneEvent[]): LaneEvent | undefined {
  const newest = about.filter(isValues).reduce<LaneEvent | undefined>(later, undefined)
  const record = newest && stirred(about)
  if (newest === undefined || record === undefined) return undefined
  const { kind, registers } = record
  const values: Record<string, unknown> = { cleared: [], complete: {} }
  const cleared: string[] = []
  for (const field of kind.registers) {
    values[field] = registers.values[field] ?? null
    if (registers.values[field] === null) cleared.push(field)
  }
  const heard = kind.lists.filter(({ field }) => record.lists[field] !== emptyList)
  for (const { field } of kind.lists) values[field] = null
  for (const { field } of heard) values[field] = inOrder(record.lists[field] ?? emptyList).map(([, { value }]) => value)
  const complete = Object.fromEntries(heard.map(({ field }) => [field, true]))
  const { platformAt } = newest.value
  return {
    record: newest.record,
    value: { ...newest.value, ...values, at: platformAt, cleared, complete },
  } as unknown as LaneEvent
}

const later = (best: LaneEvent | undefined, each: LaneEvent): LaneEvent =>
  best === undefined || each.value.platformAt >= best.value.platformAt ? each : best

/** Whether these list, as a part, the thing of that name. */
const lists = (about: readonly LaneEvent[], name: string): boolean =>
  about.some(
    ({ record, value }) =>
      record === 'ProductStated' &&
      (('variants' in value && value.variants) || []).some(({ id }) => nameOf({ ...value, entityId: id }) === name),
  )

const nameOf = ({
  merchantId,
  source,
  storeId,
  entityType,
  entityId,
}: Pick<LaneEvent['value'], 'merchantId' | 'source' | 'storeId' | 'entityType' | 'entityId'>): string =>
  [merchantId, source, storeId, entityType, entityId].join('|')

/** Deletions may name a part alone: they concern all of the store's things of the kind. */
const storeOf = ({ merchantId, source, storeId, entityType }: LaneEvent['value']): string =>
  [merchantId, source, storeId, entityType].join('|')

const digitsOf = (text: string): number => [...text].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0)
