import { pause } from '@varai/runtime/guarded-writes'
import { expect, test } from 'vitest'
import { applierOver } from '../test/apply.ts'
import { storesOf, testDatabase } from '../test/database.ts'
import {
  analysed,
  consented,
  customer,
  decoded,
  interaction,
  minutes,
  noon,
  recommended,
  session,
} from '../test/events.ts'
import { createMemoryStores } from '../test/memory-stores.ts'
import type { Event } from './pure/admit.ts'

const db = testDatabase('sessions')

/** A shopper with two sessions, one of them with everything. */
const told: readonly Event[] = [
  customer({ entityId: 'c-1', email: 'ann@x.at', createdAt: noon }),
  session({ entityId: 's-1', platformAt: noon, startedAt: noon, consentLevel: 'enhanced', metadata: { 'a.b': '$x' } }),
  analysed({ entityId: 's-1', platformAt: noon + 1, consentLevel: 'enhanced', analysis: { faceShape: 'oval' } }),
  recommended({
    entityId: 's-1',
    platformAt: noon + 2,
    recommendationId: 'r-1',
    items: [{ sku: 'VS-1', position: 1 }],
  }),
  interaction({ entityId: 's-1', platformAt: noon + 3, interactionId: 'i', interactionType: 'product_viewed' }),
  session({ entityId: 's-1', platformAt: noon + 4, completedAt: noon + minutes(2), customerId: 'c-1' }),
  session({ entityId: 's-2', platformAt: noon + 5, customerId: 'c-1' }),
  consented({ entityId: 'ref', email: 'Ann@x.at', level: 'research', platformAt: noon + 6 }),
]

/** What documents say, without guards, versions and times. */
async function said() {
  const read = async (collection: string, without: readonly string[]) => {
    const found = await db().collection(collection).find().sort({ _id: 1 }).toArray()
    return found.map((each) => Object.fromEntries(Object.entries(each).filter(([name]) => !without.includes(name))))
  }
  const ofRecord = ['version', 'syncedAt', 'savedBy', 'lastChange']
  const users = await db().collection('users').find().sort({ _id: 1 }).toArray()
  return {
    sessions: await read('ai_sessions', ofRecord),
    recommendations: await read('recommendations', ofRecord),
    consents: await read('consents', ofRecord),
    users: users.map(({ _id, projection, inputs }) => ({
      ...{ _id, digest: projection.digest },
      beside: inputs.map(({ beside }: { beside?: string }) => beside),
    })),
  }
}

test('a shopper, in every collection', async () => {
  await applierOver(storesOf(db()), pause)(told.map(decoded))
  expect(await db().collection('ai_sessions').findOne({ platformId: 's-1' })).toMatchObject({
    ...{ _id: 'optik|shopify|north|s-1', sessionId: 's-1', userId: 'c-1', userKey: 'optik|shopify|north|c-1' },
    ...{
      startedAt: new Date(noon),
      completedAt: new Date(noon + minutes(2)),
      duration: 120,
      createdAt: new Date(noon),
    },
    ...{ faceAnalysisData: { faceShape: 'oval' }, metadata: [{ name: 'a.b', value: '$x' }] },
    interactions: [{ type: 'product_viewed', at: new Date(noon + 3) }],
    recommendations: [{ id: 'r-1', items: [{ sku: 'VS-1', position: 1 }] }],
  })
  expect(await db().collection('recommendations').findOne({})).toMatchObject({
    ...{ sessionId: 's-1', recommendationId: 'r-1', createdAt: new Date(noon + 2) },
  })
  expect(await db().collection('consents').findOne({})).toMatchObject({ level: 'research' })
  expect(await db().collection('users').findOne({})).toMatchObject({
    ...{ lastAISessionAt: new Date(noon + 5), consentLevel: 'research', faceAnalysisData: { faceShape: 'oval' } },
    aiSessions: [{ sessionId: 's-2' }, { sessionId: 's-1', at: new Date(noon) }],
  })
})

test('in any order, again and again, by three processes at once: the same documents', async () => {
  await applierOver(storesOf(db()), pause)(told.map(decoded))
  const expected = await said()
  for (const collection of ['ai_sessions', 'recommendations', 'consents', 'users', 'customers']) {
    await db().collection(collection).deleteMany({})
  }
  await Promise.all(
    [0, 1, 2].map(async (which) => {
      const apply = applierOver(storesOf(db()), pause)
      const mine = [...told, ...told]
        .map((_, at, all) => all[(at * 5 + which * 3) % all.length])
        .filter((each) => each !== undefined)
      for (let at = 0; at < mine.length; at += 3) await apply(mine.slice(at, at + 3).map(decoded))
    }),
  )
  expect(await said()).toEqual(expected)
})

test('a kiosk with very many sessions has the newest hundred, and hides nobody else’s', async () => {
  const stores = storesOf(db())
  const many = Array.from({ length: 2_100 }, (_, at) =>
    session({ entityId: `k-${at}`, customerId: 'kiosk', platformAt: noon + at }),
  )
  const few = [session({ entityId: 's', customerId: 'c-1', platformAt: noon - 1 })]
  const people = ['kiosk', 'c-1'].map((entityId) => customer({ entityId, createdAt: noon }))
  const all = [...people, ...many, ...few]
  await applierOver(stores, pause)(all.map(decoded))
  const memory = createMemoryStores()
  await applierOver(memory.storesFor(async () => undefined))(all.map(decoded))
  const keys = ['optik|shopify|north|kiosk', 'optik|shopify|north|c-1']
  const newest = await stores.sessions.newestOf(keys, 100)
  expect(newest).toEqual(await memory.storesFor(async () => undefined).sessions.newestOf(keys, 100))
  expect(newest.get(keys[0] ?? '')).toHaveLength(100)
  expect(newest.get(keys[1] ?? '')).toMatchObject([{ sessionId: 's' }])
})
