import { createLog } from '@varai/runtime'
import { pause } from '@varai/runtime/guarded-writes'
import { beforeEach, expect, test } from 'vitest'
import { applierOver, changesOf, fixed, type Stores, shipped, type ToldChange } from '../../test/apply.ts'
import { storesOf, testDatabase } from '../../test/database.ts'
import { customer, decoded, noon } from '../../test/events.ts'
import { createAnswerVerdicts } from '../decisions/answer-verdicts.ts'
import { nameOfCustomer } from '../erasures/erasure-store.ts'
import { createProjections } from '../projections.ts'
import type { Event } from '../pure/admit.ts'
import { createConflictStore } from './conflict-store.ts'
import { createPresent } from './present.ts'
import { createReviewConflicts } from './review-conflicts.ts'

const db = testDatabase('conflicts')
const log = createLog({ service: 'test', level: 'silent' })
let stores: Stores
let told: ToldChange[]
beforeEach(() => {
  stores = storesOf(db())
  told = []
})

const reviewer = () =>
  createReviewConflicts({
    ...{ conflicts: createConflictStore(db()), present: createPresent(stores), pause, log },
    erasures: (records) => stores.erasures.of(records.map(nameOfCustomer)),
  })
const reviewing = (changes: readonly ToldChange[]) =>
  reviewer()(
    changes.map((value, at) => ({
      ...{ topic: 'varai.changes', partition: 0, offset: `${at}`, timestamp: 0, attempt: 0, headers: {} },
      ...{ key: value.documentId, record: 'DocumentChanged' as const, value },
    })),
  )
/** Applies events one by one, so that each is a change. */
async function apply(...events: Event[]) {
  const changes = changesOf(stores, async (change) => void told.push(change))
  const handle = applierOver(stores, pause, fixed(shipped), undefined, changes)
  for (const event of events) {
    await handle([decoded(event)])
    await changes.users.clear()
  }
}

type Queued = { _id: string; documentVersion: number; entries: { group: string; state: string; sides: object[] }[] }
const queue = async () =>
  (await db().collection<Queued>('conflicts').find().sort({ _id: 1 }).toArray()).map(withoutMark)
const withoutMark = ({ _id, documentVersion, entries }: Queued) => ({ _id, documentVersion, entries })
const states = async () =>
  (await queue()).flatMap(({ _id, entries }) => entries.map(({ group, state }) => [_id.at(-1), group, state]))
/** What the documents themselves list. */
const listed = async () => {
  const users = await db()
    .collection<{ _id: string; conflicts?: { group: string; open: boolean }[] }>('users')
    .find()
    .sort({ _id: 1 })
    .toArray()
  return users.flatMap(({ _id, conflicts = [] }) =>
    conflicts.map(({ group, open }) => [_id.at(-1), group, open ? 'open' : 'settled']).sort(),
  )
}

const said = (id: string, at: number, rest: object) =>
  customer({
    entityId: id,
    storeId: `store-${id}`,
    email: 'ann@x.at',
    createdAt: noon + Number(id),
    platformAt: noon + at,
    ...rest,
  })
const life = () => [
  said('1', 1, { firstName: 'Ann', phone: '+43 1 5877001' }),
  said('2', 2, { firstName: 'Anna' }),
  said('3', 3, { firstName: 'Ann', phone: '+43 1 5877003' }),
  said('2', 4, { firstName: 'Ann' }),
  said('3', 5, { email: 'bea@x.at' }),
  said('3', 6, { email: 'ann@x.at', phone: '+43 1 5877001' }),
  said('1', 7, { firstName: 'Annie' }),
]

test('a disagreement is queued with its sides, and closes itself when members agree', async () => {
  const events = life()
  await apply(...events.slice(0, 2))
  await reviewing(told)
  expect(await queue()).toMatchObject([
    {
      _id: 'users|optik|shopify|store-1|1',
      entries: [
        {
          ...{ group: 'name', state: 'settled', fields: ['firstName', 'lastName'], rule: 'last_write_wins' },
          since: new Date(noon + 2),
          sides: [
            { record: 'optik|shopify|store-1|1', values: '{"firstName":"Ann"}', fate: 'outvoted' },
            { record: 'optik|shopify|store-2|2', event: events[1]?.value.eventId, fate: 'shown' },
          ],
        },
      ],
    },
  ])
  await apply(events[3] ?? said('2', 4, {}))
  await reviewing(told)
  expect(await states()).toEqual([['1', 'name', 'closed']])
})

test('changes that come late, twice, in disorder, to several at once: the queue is what documents list', async () => {
  await apply(...life())
  const changes = [...told, ...told].sort((one, other) => (one.changeId + one.at < other.changeId + other.at ? 1 : -1))
  await Promise.all([0, 1, 2].map((which) => reviewing(changes.filter((_, at) => at % 3 === which))))
  const open = (await states()).filter(([, , state]) => state !== 'closed')
  expect(open).toEqual(await listed())
  expect(open.length).toBeGreaterThan(0)

  const before = await queue()
  await reviewing(told)
  expect(await queue()).toEqual(before)
})

test('a change that comes when all is over opens nothing for good', async () => {
  await apply(...life().slice(0, 2), said('2', 4, { firstName: 'Ann' }))
  const disagreeing = told.filter(({ after }) => after?.includes('outvoted'))
  expect(disagreeing.length).toBeGreaterThan(0)
  await reviewing(disagreeing)
  expect((await states()).map(([, , state]) => state)).toEqual(['closed'])
})

test('a document that was too large to travel is read where it lies', async () => {
  await apply(...life().slice(0, 2))
  await reviewing(told.map((change) => ({ ...change, after: null, afterIs: 'too_large' })))
  expect(await states()).toEqual([['1', 'name', 'settled']])
})

test('an e-mail that comes to be another user’s, where that is ambiguous, is asked about at both, until somebody says', async () => {
  const [ann, bea] = ['optik|shopify|store-1|1', 'optik|shopify|store-1|2']
  const other = (at: number, email: string) => said('2', at, { storeId: 'store-1', email })
  await apply(said('1', 1, {}), other(2, 'bea@x.at'), other(3, 'ann@x.at'))
  await reviewing(told)
  const entry = { group: 'identity', state: 'open', rule: 'one_store', since: new Date(noon + 3) }
  const sides = (own: string) => [ann, bea].map((record) => ({ record, fate: record === own ? 'one' : 'other' }))
  expect(await queue()).toMatchObject([
    { _id: `users|${ann}`, entries: [{ ...entry, sides: sides(ann) }] },
    { _id: `users|${bea}`, entries: [{ ...entry, sides: sides(bea) }] },
  ])

  const say = async (id: string, says: string) => {
    await db()
      .collection<{ _id: string; [field: string]: unknown }>('verdicts')
      .insertOne({ _id: id, merchantId: 'optik', pair: [ann, bea], says, at: new Date(), state: 'asked' })
    const changes = changesOf(stores, async (change) => void told.push(change))
    const project = createProjections({
      ...{ ...stores, changes, pause, policies: fixed(shipped) },
      decisions: { about: async () => [] },
    })
    await createAnswerVerdicts({ ...stores, project })()
    await reviewing(told)
  }
  await say('v1', 'not_same')
  expect(await states()).toEqual([ann, bea].map((id) => [id.at(-1), 'identity', 'settled']))
  await say('v2', 'same')
  expect(await states()).toEqual([ann, bea].map((id) => [id.at(-1), 'identity', 'closed']))
})
