import { createLog } from '@varai/runtime'
import { pause } from '@varai/runtime/guarded-writes'
import { createLeaseStore } from '@varai/runtime/leases'
import type { Document } from 'mongodb'
import { beforeEach, expect, test } from 'vitest'
import { applierOver, changesOf, fixed, type Stores, shipped } from '../test/apply.ts'
import { storesOf, testDatabase } from '../test/database.ts'
import { customer, decoded, hours, noon, product } from '../test/events.ts'
import { createDecisionStore } from './decisions/decision-store.ts'
import { createLookIntoCrowds } from './look-into-crowds.ts'
import { parsePolicy } from './policy/parse-policy.ts'
import { openPolicies, type Policies } from './policy/policies.ts'
import { createPolicyStore } from './policy/policy-store.ts'
import { createProjections } from './projections.ts'
import type { Policy } from './pure/policy/policy.ts'
import { createReapply, type ReapplyDeps } from './re-apply-policy.ts'

const db = testDatabase('reapply')
const log = createLog({ service: 'test', level: 'silent' })
const running = new AbortController().signal
let stores: Stores
beforeEach(() => {
  stores = storesOf(db())
})

const policy = (text: string): Policy => {
  const parsed = parsePolicy(text, shipped)
  if (!parsed.ok) throw new Error(parsed.errors[0]?.text)
  return parsed.policy
}
const ranked = policy(
  'version: 3\nidentity: { placeholders: [p3@x.at] }\nusers: { phone: { strategy: source_priority, priority: [shopify/south, shopify] } }',
)

const events = Array.from({ length: 30 }, (_, at) => [
  ...['north', 'south'].map((storeId, nth) =>
    customer({
      ...{ storeId, entityId: `${at}`, email: `p${at}@x.at`, createdAt: noon },
      ...{ phone: `+43 1 58801370${nth}`, platformAt: noon - hours(nth) },
    }),
  ),
  product({ entityId: `${at}`, title: `frame ${at}`, variants: [{ id: '1', sku: `S-${at % 20}` }] }),
]).flat()

type Said = Document & { _id: string }
const said = async (collection: string) => {
  const found = await db().collection<Said>(collection).find().sort({ _id: 1 }).toArray()
  return found.map(({ _id, policyVersion, phone, redirectTo, projection }) => ({
    ...{ _id, policyVersion, phone, redirectTo, digest: projection.digest },
  }))
}

function reapplyBy(policies: Policies, more: Partial<ReapplyDeps> = {}) {
  const project = createProjections({
    ...stores,
    policies,
    changes: changesOf(stores, async () => undefined),
    decisions: createDecisionStore(db()),
    pause,
  })
  return createReapply({
    ...{ records: stores.records, project, policies, log, pageSize: 7, leases: createLeaseStore(db(), 'jobs') },
    madeBefore: { users: stores.users.madeBefore, catalog: stores.catalog.madeBefore },
    lookIntoCrowds: createLookIntoCrowds({ ...stores, project }),
    ...more,
  })
}

/** What everything must be in the end: as if there had never been another policy. */
async function expectMadeBy(by: Policy) {
  const found = [await said('users'), await said('catalog')]
  await Promise.all(['users', 'catalog'].map((name) => db().collection(name).deleteMany({})))
  await applierOver(stores, pause, fixed(by))(events.map(decoded))
  expect(found).toEqual([await said('users'), await said('catalog')])
}

test('all documents are made anew, also where nobody touches their records any more', async () => {
  await applierOver(stores, pause)(events.map(decoded))
  expect((await said('users')).find(({ redirectTo }) => redirectTo === undefined)?.phone).toBe('+43 1 588013700')
  const redirected = async () => (await said('users')).filter(({ redirectTo }) => redirectTo !== undefined).length
  expect(await redirected()).toBe(30)
  expect(await reapplyBy(fixed(ranked))(running)).toBe('done')
  expect(await redirected()).toBe(29)
  expect((await said('users')).find(({ redirectTo }) => redirectTo === undefined)?.phone).toBe('+43 1 588013701')
  await expectMadeBy(ranked)
})

test('killed again and again, it goes on where it was, and a second run changes nothing', async () => {
  await applierOver(stores, pause)(events.map(decoded))
  let pages = 0
  const starts: string[] = []
  const dying = (): Partial<ReapplyDeps> => ({
    records: {
      ...stores.records,
      pageAfter: async (kind, id, limit) => {
        pages += 1
        if (pages % 3 === 0) throw new Error('killed')
        starts.push(`${kind.collection} ${id}`)
        return stores.records.pageAfter(kind, id, limit)
      },
    },
  })
  let result = 'killed'
  for (let attempt = 0; attempt < 30 && result !== 'done'; attempt += 1) {
    // a killed process leaves its lease behind: it runs out
    await db()
      .collection('jobs')
      .updateMany({}, { $set: { until: new Date(0) } })
    result = await reapplyBy(fixed(ranked), dying())(running).catch(() => 'killed')
  }
  expect(result).toBe('done')
  expect(new Set(starts).size).toBe(starts.length)
  const before = [await said('users'), await said('catalog')]
  await db().collection('jobs').deleteMany({})
  expect(await reapplyBy(fixed(ranked))(running)).toBe('done')
  expect([await said('users'), await said('catalog')]).toEqual(before)
  await expectMadeBy(ranked)
})

test('one process at a time does it, and a stop ends it where it can go on', async () => {
  await applierOver(stores, pause)(events.map(decoded))
  const stop = new AbortController()
  let other: string | undefined
  const slow: Partial<ReapplyDeps> = {
    records: {
      ...stores.records,
      pageAfter: async (kind, id, limit) => {
        other ??= await reapplyBy(fixed(ranked))(running)
        stop.abort()
        return stores.records.pageAfter(kind, id, limit)
      },
    },
  }
  expect(await reapplyBy(fixed(ranked), slow)(stop.signal)).toBe('interrupted')
  expect(other).toBe('not now')
  expect(await reapplyBy(fixed(ranked))(running)).toBe('done')
  expect(await reapplyBy(fixed(ranked))(running)).toBe('not now')
  await expectMadeBy(ranked)
})

test('what a process with the older policy makes meanwhile or afterwards is made anew', async () => {
  const half = events.slice(0, 45)
  await applierOver(stores, pause)(half.map(decoded))
  expect(await reapplyBy(fixed(ranked))(running)).toBe('done')
  await applierOver(stores, pause)(events.slice(45).map(decoded))
  await db()
    .collection('jobs')
    .updateMany({}, { $set: { dueAt: new Date(0) } })
  expect((await said('users')).map(({ policyVersion }) => policyVersion)).toContain(shipped.version)
  expect(await reapplyBy(fixed(ranked))(running)).toBe('done')
  await expectMadeBy(ranked)
})

test('a process with an older policy takes over the newer one as soon as it meets it, and never undoes it', async () => {
  const store = createPolicyStore(db())
  const old = await openPolicies(shipped, { store, log })
  const apply = applierOver(stores, pause, old)
  await apply(events.map(decoded))
  const replaced = await openPolicies(ranked, { store, log })
  await reapplyBy(replaced)(running)
  const before = [await said('users'), await said('catalog')]
  expect(old.current().version).toBe(shipped.version)
  await apply(events.map(decoded))
  expect(old.current()).toEqual(ranked)
  expect([await said('users'), await said('catalog')]).toEqual(before)
  expect((await openPolicies(shipped, { store, log })).current()).toEqual(ranked)
})

test('a version that is known with other rules is refused', async () => {
  const store = createPolicyStore(db())
  await openPolicies(shipped, { store, log })
  const other = policy('version: 2\nusers: { phone: { strategy: manual_review } }')
  await expect(openPolicies(other, { store, log })).rejects.toThrow(/version 2 is known with other rules/)
  await expect((await openPolicies(shipped, { store, log })).atLeast(9)).rejects.toThrow(/nobody has kept/)
})
