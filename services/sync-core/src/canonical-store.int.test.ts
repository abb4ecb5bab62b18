import { beforeEach, describe, expect, test } from 'vitest'
import { shipped } from '../test/apply.ts'
import { storesOf, testDatabase } from '../test/database.ts'
import { foldInBatches } from '../test/documents.ts'
import { customer, noon, statement } from '../test/events.ts'
import type { CanonicalStore } from './canonical-store.ts'
import { rulesFor } from './pure/policy/policy.ts'
import { nothingKnown, personOf } from './pure/project/person.ts'
import { type Plan, planGroup } from './pure/project/plan.ts'
import { projectUser, type UserContent } from './pure/project/user.ts'
import type { RecordState } from './pure/record.ts'

const unknown = (record: RecordState) => personOf(record, nothingKnown)
const db = testDatabase('users')
const syncedAt = new Date(noon)
let canonical: CanonicalStore<UserContent>
beforeEach(() => {
  canonical = storesOf(db(), () => syncedAt).users
})

const record = (entityId: string, email: string, platformAt = noon): RecordState =>
  foldInBatches([[statement(customer({ entityId, email, firstName: 'Ann', createdAt: noon, platformAt }))]])
const [first, second] = [record('1', 'a@x.at'), record('2', 'a@x.at')]

const making = {
  policy: 3,
  collection: 'users',
  image: (user: UserContent) => canonical.image(user),
  at: noon,
  make: (members: readonly RecordState[]) => projectUser(members.map(unknown), rulesFor(shipped, 'users', 'optik')),
}
async function planFor(components: RecordState[][]): Promise<Plan<UserContent>> {
  const held = await canonical.reaching(components.flat().map(({ id }) => id))
  const plan = planGroup(components, new Map(held.map((user) => [user.id, user])), making)
  if (plan === undefined) throw new Error('nothing to write')
  return plan
}
const carryOut = async ({ first: opening, others, last }: Plan<UserContent>) => {
  const lost: string[] = []
  for (const step of [opening === undefined ? [] : [opening], others, [last]])
    lost.push(...(await canonical.write(step)))
  return lost
}

test('a person, and the redirect of another record of theirs', async () => {
  expect(await carryOut(await planFor([[first, second]]))).toEqual([])
  const origin = { record: first.id, since: new Date(noon), event: expect.any(String) }
  const inputs = [
    { recordId: first.id, version: 1 },
    { recordId: second.id, version: 1 },
  ]
  const users = await db().collection<{ _id: string }>('users').find().sort({ _id: 1 }).toArray()
  expect(users).toEqual([
    {
      _id: first.id,
      merchantId: 'optik',
      version: 1,
      rev: 2,
      policyVersion: 3,
      syncedAt,
      deleted: false,
      createdAt: new Date(noon),
      firstName: 'Ann',
      lastName: null,
      email: 'a@x.at',
      phone: null,
      locale: null,
      ...{ acceptsMarketing: null, marketingOptInLevel: null, marketingConsentAt: null },
      ...{ preferences: [], tags: [], addresses: [] },
      platforms: {
        shopify: [
          { storeId: 'north', id: '1', createdAt: new Date(noon) },
          { storeId: 'north', id: '2', createdAt: new Date(noon) },
        ],
      },
      faceAnalysisData: null,
      aiSessions: [],
      members: [first.id, second.id],
      provenance: {
        firstName: { rule: 'last_write_wins', from: [origin] },
        email: { rule: 'manual_review', from: [origin] },
      },
      conflicts: [],
      inputs,
      pending: [expect.objectContaining({ version: 1, kind: 'created', at: new Date(noon) })],
      projection: expect.objectContaining({ reach: [first.id, second.id] }),
    },
    {
      _id: second.id,
      merchantId: 'optik',
      version: 1,
      rev: 1,
      policyVersion: 3,
      syncedAt,
      redirectTo: first.id,
      inputs,
      pending: [expect.objectContaining({ version: 1, kind: 'redirected', fields: ['redirectTo'] })],
      projection: expect.objectContaining({ reach: [first.id, second.id] }),
    },
  ])
})

test('documents are found by every record that they reach, and are right then', async () => {
  await carryOut(await planFor([[first, second]]))
  const held = await canonical.reaching([second.id])
  expect(held.map(({ id }) => id).sort()).toEqual([first.id, second.id])
  expect(planGroup([[first, second]], new Map(held.map((user) => [user.id, user])), making)).toBeUndefined()
  expect(await canonical.reaching(['nobody'])).toEqual([])
})

describe('a write whose guard is lost', () => {
  test('changes nothing and is named, whether the document is new or not', async () => {
    const stale = await planFor([[first]])
    await carryOut(await planFor([[first]]))
    expect(await canonical.write([stale.last])).toEqual(new Set([first.id]))

    const slow = await planFor([[first, second]])
    await carryOut(await planFor([[first, second]]))
    const before = await db().collection('users').find().sort({ _id: 1 }).toArray()
    expect(await carryOut(slow)).toEqual([slow.first?.id, ...slow.others.map(({ id }) => id), slow.last.id])
    expect(await db().collection('users').find().sort({ _id: 1 }).toArray()).toEqual(before)
  })

  test('does not keep the others of its call from being applied', async () => {
    const stale = await planFor([[first]])
    await carryOut(await planFor([[first]]))
    const fresh = await planFor([[second]])
    expect(await canonical.write([stale.last, fresh.last])).toEqual(new Set([first.id]))
    expect(await canonical.reaching([second.id])).toHaveLength(1)
  })
})

test('an opened document keeps what it says, reaches the whole group, and is behind', async () => {
  await carryOut(await planFor([[first]]))
  await carryOut(await planFor([[second]]))
  const newer = { ...first, version: 2 }
  const { first: opening } = await planFor([[newer, second]])
  expect(opening).toMatchObject({ what: 'open', id: first.id })
  await canonical.write(opening === undefined ? [] : [opening])
  expect(await db().collection('users').findOne({ merchantId: 'optik', firstName: 'Ann', rev: 2 })).toMatchObject({
    version: 1,
    inputs: [],
    projection: { reach: [first.id, second.id] },
  })
})

test('the version counts changes of what a document says, the guard counts all', async () => {
  await carryOut(await planFor([[first]]))
  await carryOut(await planFor([[{ ...first, version: 2 }]]))
  expect(await canonical.reaching([first.id])).toMatchObject([{ version: 1, rev: 2 }])
  const renamed = foldInBatches([[statement(customer({ entityId: '1', email: 'b@x.at', createdAt: noon }))]])
  await carryOut(await planFor([[{ ...renamed, version: 3 }]]))
  expect(await canonical.reaching([first.id])).toMatchObject([{ version: 2, rev: 3 }])
})
