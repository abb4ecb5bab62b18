import { describe, expect, test } from 'vitest'
import { shipped } from '../../../test/apply.ts'
import { decimalText, foldInBatches } from '../../../test/documents.ts'
import {
  analysed,
  consented,
  customer,
  days,
  deletion,
  minutes,
  noon,
  session,
  statements,
} from '../../../test/events.ts'
import type { Event } from '../admit.ts'
import { aiSession, consent } from '../ai/ai-kinds.ts'
import { summaryOf, userKeyOf } from '../ai/session-summary.ts'
import { rulesFor } from '../policy/policy.ts'
import type { RecordState } from '../record.ts'
import { consentIn, personOf } from './person.ts'
import { projectUser, storedUser } from './user.ts'

/** Records of some events, each folded. */
function recordsOf(events: readonly Event[]): RecordState[] {
  const all = events.flatMap(statements)
  const byRecord = Map.groupBy(all, ({ kind, recordId }) => `${kind.collection} ${recordId}`)
  return [...byRecord.values()].map((of) => foldInBatches([of]))
}

/** The documents of persons, as they lie in the database, when `accounts` are one. */
function given(accounts: readonly Event[], ...told: readonly Event[]) {
  const records = recordsOf(told)
  const persons = recordsOf(accounts).map((record) =>
    personOf(record, {
      sessions: records.filter((each) => each.kind === aiSession && userKeyOf(each) === record.id).map(summaryOf),
      consents: records
        .filter((each) => each.kind === consent && each.lists['named']?.elements.has(record.id))
        .flatMap((each) => consentIn(each) ?? []),
    }),
  )
  const [head] = projectUser(persons, rulesFor(shipped, 'users', 'optik')).values()
  if (head === undefined) throw new Error('nobody')
  return storedUser(head, decimalText)
}

const ann = customer({ entityId: 'c-1', createdAt: noon })
const annAtSouth = customer({ entityId: 'c-2', storeId: 'south', createdAt: noon + 1 })
const s1 = { entityId: 's-1', customerId: 'c-1' }
const talked = (at = noon, rest: Parameters<typeof session>[0] = {}) =>
  session({ ...s1, platformAt: at, consentLevel: 'enhanced', ...rest })
const seen = (faceShape: string, at: number, rest: Parameters<typeof analysed>[0] = {}) =>
  analysed({ ...s1, platformAt: at, consentLevel: 'enhanced', ...rest, analysis: { faceShape, timestamp: at - 5 } })
const chose = (level: string, at: number, rest: Parameters<typeof consented>[0] = {}) =>
  consented({ entityId: 'ref-1', customerId: 'c-1', platformAt: at, level, ...rest })

test('a person of whom the assistant knows nothing', () => {
  expect(given([ann])).toMatchObject({ aiSessions: [], faceAnalysisData: null })
  expect(given([ann])).not.toHaveProperty('lastAISessionAt')
})

test('their sessions, newest first, and when the last was', () => {
  const later = session({ entityId: 's-2', customerId: 'c-2', storeId: 'south', platformAt: noon + days(1) })
  expect(given([ann, annAtSouth], talked(), later)).toMatchObject({
    aiSessions: [
      { record: 'optik|shopify|south|s-2', sessionId: 's-2', storeId: 'south', at: new Date(noon + days(1)) },
      { record: 'optik|shopify|north|s-1', sessionId: 's-1', platform: 'shopify', at: new Date(noon) },
    ],
    lastAISessionAt: new Date(noon + days(1)),
  })
})

test('of many sessions the newest hundred', () => {
  const many = Array.from({ length: 130 }, (_, at) => session({ ...s1, entityId: `s-${at}`, platformAt: noon + at }))
  const shown = given([ann], ...many.toReversed())['aiSessions']
  expect(shown).toHaveLength(100)
  expect(shown).toMatchObject({ 0: { sessionId: 's-129' }, 99: { sessionId: 's-30' } })
})

describe('the face analysis in the profile', () => {
  test.each([
    ['basic', null],
    ['enhanced', 'oval'],
    ['research', 'oval'],
    [null, null],
  ])('of a session with consent %s: %s', (consentLevel, shape) => {
    const shown = given([ann], talked(noon, { consentLevel }), seen('oval', noon + 1, { consentLevel }))
    expect(shown['faceAnalysisData'] ?? null).toEqual(
      shape === null ? null : { faceShape: shape, timestamp: new Date(noon - 4) },
    )
    expect('lastFaceAnalysisAt' in shown).toBe(shape !== null)
  })

  test('is the newest that may be there, with where it is from', () => {
    const newer = seen('round', noon + minutes(2), { entityId: 's-2' })
    const forbidden = seen('square', noon + minutes(3), { entityId: 's-3', consentLevel: 'basic' })
    expect(given([ann], seen('oval', noon + 1), newer, forbidden)).toMatchObject({
      faceAnalysisData: { faceShape: 'round' },
      lastFaceAnalysisAt: new Date(noon + minutes(2) - 5),
      provenance: {
        faceAnalysisData: {
          rule: 'consent',
          from: [{ record: 'optik|shopify|north|s-2', event: newer.value.eventId }],
        },
      },
    })
  })

  test('goes when consent is withdrawn, and comes back when it is given again', () => {
    const [withdrawn, again] = [chose('basic', noon + minutes(1)), chose('research', noon + minutes(2))]
    expect(given([ann], seen('oval', noon), withdrawn)).toMatchObject({ faceAnalysisData: null, consentLevel: 'basic' })
    expect(given([ann], seen('oval', noon), withdrawn, again)).toMatchObject({
      faceAnalysisData: { faceShape: 'oval' },
      consentLevel: 'research',
    })
  })

  test('goes when it is withdrawn in another session', () => {
    const other = { entityId: 'session:s-2', sessionId: 's-2' }
    expect(given([ann], seen('oval', noon), chose('basic', noon + 1, other))).toMatchObject({ faceAnalysisData: null })
    expect(given([ann], seen('oval', noon), chose('basic', noon - 1, other), chose('enhanced', noon))).toMatchObject({
      faceAnalysisData: { faceShape: 'oval' },
    })
  })

  test('a session that nobody was asked in withdraws nothing', () => {
    const later = talked(noon + 5, { entityId: 's-2', consentLevel: 'basic' })
    expect(given([ann], seen('oval', noon), later)).toMatchObject({ faceAnalysisData: { faceShape: 'oval' } })
  })

  test('of several accounts the least consent counts; each has its own again when they part', () => {
    const refused = chose('basic', noon, { entityId: 'ref-2', customerId: 'c-2', storeId: 'south' })
    const told = [seen('oval', noon), chose('research', noon + 1), refused]
    expect(given([ann, annAtSouth], ...told)).toMatchObject({ faceAnalysisData: null, consentLevel: 'basic' })
    expect(given([ann], ...told)).toMatchObject({ faceAnalysisData: { faceShape: 'oval' }, consentLevel: 'research' })
  })

  test('says less of itself than its session: then that counts', () => {
    const own = analysed({ ...s1, consentLevel: 'enhanced', analysis: { faceShape: 'oval', consentLevel: 'basic' } })
    expect(given([ann], own)).toMatchObject({ faceAnalysisData: null })
  })

  test('of a closed account, and of a session that was deleted, is gone', () => {
    const closed = deletion('customer', { entityId: 'c-1', platformAt: noon + 9 })
    expect(given([ann, closed, annAtSouth], seen('oval', noon))).toMatchObject({
      faceAnalysisData: null,
      aiSessions: [],
    })
    const gone = deletion('ai_session', { entityId: 's-1', platformAt: noon + 9 })
    expect(given([ann], seen('oval', noon), gone)).toMatchObject({ faceAnalysisData: null, aiSessions: [] })
  })
})
