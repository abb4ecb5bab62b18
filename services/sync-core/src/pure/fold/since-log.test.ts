import { fc, test } from '@fast-check/vitest'
import { describe, test as example, expect } from 'vitest'
import { inBatches } from '../../../test/arbitrary.ts'
import { days, hours, minutes, noon } from '../../../test/events.ts'
import { momentOf, platformAtOf } from '../moment.ts'
import { readShape } from './shape.ts'
import { emptyLog, foldLog, type LogEntry, type SinceLog } from './since-log.ts'

const shape = (title: string) => JSON.stringify([[['title', JSON.stringify(title)]], []])
const stated = (platformAt: number, title: string, eventId = 'e', at = platformAt): LogEntry => ({
  moment: momentOf({ platformAt, triggeredAt: null, eventId }),
  at,
  shape: shape(title),
})
const logOf = (...batches: (readonly LogEntry[])[]): SinceLog =>
  batches.reduce((log, batch) => foldLog(log, batch), emptyLog)
const titles = ({ entries }: SinceLog) => entries.map((entry) => readShape(entry.shape).facts[0]?.[1].at(1))
const midnight = noon + hours(12)

/** Dense enough that every bucket has to choose, and wide enough that buckets of every width occur. */
const entries = (spread: number) =>
  fc.array(
    fc
      .record({
        day: fc.oneof(fc.constant(0), fc.nat(spread)),
        hour: fc.constantFrom(0, 0, 1, 23),
        minute: fc.constantFrom(0, 0, 1, 8, 59),
        second: fc.nat(59),
        title: fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F', 'G'),
        eventId: fc.constantFrom('e', 'f'),
        ahead: fc.constantFrom(0, 0, 1, 2),
      })
      .map(({ day, hour, minute, second, title, eventId, ahead }) => {
        const platformAt = midnight + days(day) + hours(hour) + minutes(minute) + second * 1000
        return stated(platformAt, title, eventId, platformAt - ahead)
      }),
    { minLength: 1, maxLength: 80 },
  )
const shuffled = (spread: number) =>
  entries(spread).chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.shuffledSubarray([...all, ...all], { minLength: all.length }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
    ),
  )

test.prop([shuffled(28)], { numRuns: 2_000 })(
  'the log is a function of the set of statements',
  ([all, some, sizes]) => {
    const rest = all.filter((entry) => !some.includes(entry))
    expect(logOf(...inBatches([...some, ...rest], sizes))).toEqual(logOf(all))
  },
)

/** The same, each with a name that changes apart from the title. */
const named = shuffled(28).chain(([all, some, sizes]) =>
  fc.array(fc.constantFrom('X', 'Y', 'Z'), { minLength: 1 }).map((names) => {
    const withName = (entry: LogEntry): LogEntry => {
      const vendor = JSON.stringify(names[all.indexOf(entry) % names.length])
      return { ...entry, shape: JSON.stringify([[...readShape(entry.shape).facts, ['vendor', vendor]], []]) }
    }
    const renamed = new Map(all.map((entry) => [entry, withName(entry)]))
    return [[...renamed.values()], some.map((entry) => renamed.get(entry) ?? entry), sizes] as const
  }),
)

test.prop([named], { numRuns: 2_000 })('so is that of fields that are dated apart', ([all, some, sizes]) => {
  const apart = (...batches: (readonly LogEntry[])[]) =>
    batches.reduce((log, batch) => foldLog(log, batch, true), emptyLog)
  const rest = all.filter((entry) => !some.includes(entry))
  expect(apart(...inBatches([...some, ...rest], sizes))).toEqual(apart(all))
})

test.prop([entries(28), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 })])(
  'what is in the log already is not taken again',
  (all, sizes) => {
    const log = logOf(all)
    for (const batch of inBatches(all, sizes)) expect(foldLog(log, batch)).toBe(log)
  },
)

test.prop([entries(60)])('it holds at most 8 statements a bucket, the newest among them', (all) => {
  const log = logOf(all)
  const newest = all.reduce((one, other) => (one.moment > other.moment ? one : other))
  expect(log.entries.at(-1)?.moment).toBe(newest.moment)
  const perDay = Map.groupBy(log.entries, ({ moment }) => Math.floor(platformAtOf(moment) / days(1)))
  const old = [...perDay].filter(([day]) => (day + 2) * days(1) <= platformAtOf(newest.moment))
  for (const [, kept] of old) expect(kept.length).toBeLessThanOrEqual(8)
  for (const [day] of perDay) expect((day + 31) * days(1)).toBeGreaterThan(platformAtOf(newest.moment))
})

describe('a bucket', () => {
  example('keeps the first and the last statement of a value, whatever restates it in between', () => {
    expect(titles(logOf([0, 1, 2, 3, 4].map((second) => stated(noon + second, 'A', `e${second}`))))).toEqual(['A', 'A'])
  })

  example('keeps the 4 values that appear first and the 4 that disappear last', () => {
    const log = logOf([...'ABCDEFGHIJ'].map((title, at) => stated(noon + at, title)))
    expect(titles(log).join('')).toBe('ABCDGHIJ')
  })

  const both = (title: string, vendor: string) =>
    JSON.stringify([
      [
        ['title', JSON.stringify(title)],
        ['vendor', JSON.stringify(vendor)],
      ],
      [],
    ])

  example('shows when a field changed among many edits of another, where fields are dated apart', () => {
    const entries = [...'ABCDEFGHIJ'].map((title, at) => ({
      ...stated(noon + at, title),
      shape: both(title, at < 5 ? 'Old' : 'New'),
    }))
    const vendors = (apart: boolean) => titles(foldLog(emptyLog, entries, apart)).join('')
    expect([vendors(false), vendors(true)]).toEqual(['ABCDGHIJ', 'ABCDEFGHIJ'])
  })

  example('is a minute at first, an hour when that hour ended an hour ago, a day when that day ended a day ago', () => {
    const crowd = Array.from({ length: 20 }, (_, at) => stated(noon + minutes(at), 'A'))
    const later = (at: number) => titles(foldLog(logOf(crowd), [stated(at, 'B')])).join('')
    expect(later(noon + hours(2) - 1)).toBe(`${'A'.repeat(20)}B`)
    expect(later(noon + hours(2))).toBe('AAB')
    const halfDay = Array.from({ length: 10 }, (_, at) => stated(noon + hours(at), 'A'))
    const muchLater = (at: number) => titles(foldLog(logOf(halfDay), [stated(at, 'B')])).join('')
    expect(muchLater(midnight + days(1) - 1)).toBe(`${'A'.repeat(10)}B`)
    expect(muchLater(midnight + days(1))).toBe('AAB')
  })
})

describe('what is older than 30 days', () => {
  const old = stated(noon, 'A')
  const boundary = midnight + days(30)

  example('stays until its day is 30 days over', () => {
    expect(logOf([old], [stated(boundary - 1, 'A')]).floor.size).toBe(0)
  })

  example('then leaves, and its run goes on', () => {
    const log = logOf([old], [stated(boundary, 'A')])
    expect(log.entries).toHaveLength(1)
    expect(log.floor.get('title')).toEqual({ digest: '"A"', moment: old.moment, at: noon })
  })

  example('is not taken in when it comes only now', () => {
    const log = logOf([stated(boundary, 'A')])
    expect(foldLog(log, [old])).toBe(log)
  })
})

example('of one statement that came several times the earliest receipt counts', () => {
  const [first, again] = [stated(noon, 'A', 'e', noon - 5), stated(noon, 'A', 'e', noon - 1)]
  expect(logOf([again], [first]).entries).toEqual([first])
  expect(logOf([first], [again]).entries).toEqual([first])
})
