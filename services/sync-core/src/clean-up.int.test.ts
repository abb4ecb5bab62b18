import { createLog } from '@varai/runtime'
import { pause } from '@varai/runtime/guarded-writes'
import { createLeaseStore } from '@varai/runtime/leases'
import { beforeEach, expect, test } from 'vitest'
import { applierOver, changesOf, fixed, shipped } from '../test/apply.ts'
import { storesOf, testDatabase } from '../test/database.ts'
import { analysed, consented, customer, days, decoded, hours, noon, recommended, session } from '../test/events.ts'
import { createCleanUp } from './clean-up.ts'
import { createProjections } from './projections.ts'
import type { Event } from './pure/admit.ts'
import type { RecordState } from './pure/record.ts'
import { createSessionStore } from './session-store.ts'

const db = testDatabase('clean-up')
const log = createLog({ service: 'clean-up', level: 'silent' })
const going = new AbortController().signal
let time: number
let copied: RecordState[]
beforeEach(() => {
  time = noon + days(31)
  copied = []
})

const apply = (all: readonly Event[]) => applierOver(storesOf(db()), pause)(all.map(decoded))
/** One process; `dies` in the step of that name. */
function processOf(dies?: 'project' | 'copy') {
  const killed = () => Promise.reject(new Error('killed'))
  const stores = storesOf(db())
  const changes = changesOf(stores, async () => undefined)
  const decisions = { about: async () => [] }
  const project = createProjections({ ...stores, policies: fixed(shipped), decisions, changes, pause })
  return createCleanUp({
    ...{ records: stores.records, sessions: createSessionStore(db()), log, pageSize: 3, now: () => time },
    project: dies === 'project' ? killed : project,
    copySessions: dies === 'copy' ? killed : async (some) => void copied.push(...some),
    leases: createLeaseStore(db(), 'jobs', () => time),
  })
}
const left = async (collection = 'ai_sessions') =>
  (await db().collection(collection).find().sort({ platformId: 1 }).toArray()).map(({ platformId }) => platformId)
const user = () => db().collection('users').findOne({})

const of = (entityId: string, at: number, consentLevel: string | null, customerId = 'c-1') =>
  session({ entityId, platformAt: noon + at, consentLevel, customerId })
const ann = customer({ entityId: 'c-1', email: 'ann@x.at', createdAt: noon })
const told: readonly Event[] = [
  ann,
  ...['a', 'b', 'c', 'd'].map((id) => of(id, 0, id === 'b' ? null : 'basic')),
  of('enhanced', 0, 'enhanced'),
  of('young', days(2), 'basic'),
  recommended({ entityId: 'a', recommendationId: 'r', consentLevel: 'basic' }),
  recommended({ entityId: 'enhanced', platformAt: noon + 1, recommendationId: 'r' }),
  analysed({ entityId: 'enhanced', platformAt: noon + 2, consentLevel: 'enhanced', analysis: { faceShape: 'oval' } }),
]

test('after 30 days sessions of shoppers who allow no more are gone, with all that shows them', async () => {
  await apply(told)
  expect((await user())?.['aiSessions']).toHaveLength(6)
  expect(await processOf()(going)).toBe('done')
  expect(await left()).toEqual(['enhanced', 'young'])
  expect(await left('recommendations')).toEqual(['enhanced:r'])
  expect(await user()).toMatchObject({
    aiSessions: [{ sessionId: 'young' }, { sessionId: 'enhanced' }],
    faceAnalysisData: { faceShape: 'oval' },
  })
  expect(copied.map(({ platformId }) => platformId).sort()).toEqual(['a', 'b', 'c', 'd'])
})

test('every six hours, by one process; a missed run comes at once', async () => {
  await apply(told)
  expect((await Promise.all([processOf()(going), processOf()(going)])).sort()).toEqual(['done', 'not now'])
  time += hours(6) - 1
  expect(await processOf()(going)).toBe('not now')
  time += days(2)
  expect(await processOf()(going)).toBe('done')
  expect(await left()).toEqual(['enhanced'])
  expect(await db().collection<{ _id: string }>('jobs').findOne({ _id: 'clean-up' })).toMatchObject({
    state: { lastSuccessAt: new Date(time), removed: 1 },
  })
})

test.each(['project', 'copy'] as const)('a process that dies as it comes to %s: the next one ends it', async (step) => {
  await apply(told)
  await expect(processOf(step)(going)).rejects.toThrow('killed')
  expect(await processOf()(going)).toBe('not now')
  time += 60_000
  expect(await processOf()(going)).toBe('done')
  expect(await left()).toEqual(['enhanced', 'young'])
  expect((await user())?.['aiSessions']).toHaveLength(2)
})

test('who withdraws has old sessions deleted, until they agree again', async () => {
  const byAddress = { entityId: 'ref-mail', email: 'Ann@X.at' }
  await apply([...told, consented({ ...byAddress, level: 'basic', platformAt: noon + days(3) })])
  await apply([consented({ entityId: 'ref', customerId: 'c-1', level: 'research', platformAt: noon + days(4) })])
  expect(await processOf()(going)).toBe('done')
  expect(await left()).toEqual(['enhanced', 'young'])
  await apply([consented({ entityId: 'ref', customerId: 'c-1', level: 'basic', platformAt: noon + days(5) })])
  time += hours(6)
  expect(await processOf()(going)).toBe('done')
  expect(await left()).toEqual(['young'])
  expect(await left('recommendations')).toEqual([])
  expect(await user()).toMatchObject({ faceAnalysisData: null })
})

test('of nobody whom we know: a withdrawal counts as well', async () => {
  await apply([of('x', 0, 'research', 'stranger')])
  await apply([consented({ entityId: 'ref', customerId: 'stranger', level: 'basic', platformAt: noon + days(5) })])
  expect(await processOf()(going)).toBe('done')
  expect(await left()).toEqual([])
})

test('what is told late of a session that is gone does not stay', async () => {
  await apply(told)
  await processOf()(going)
  await apply([recommended({ entityId: 'a', recommendationId: 'late', consentLevel: 'basic' })])
  await db().collection<{ _id: string }>('ai_sessions').deleteOne({ _id: 'optik|shopify|north|a' })
  time += hours(6)
  await processOf()(going)
  expect(await left('recommendations')).toEqual(['enhanced:r'])
})
