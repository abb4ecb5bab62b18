import { pause } from '@varai/runtime/guarded-writes'
import { beforeEach, describe, expect, test } from 'vitest'
import { applierOver, changesOf, fixed, type Stores, shipped } from '../../test/apply.ts'
import { storesOf, testDatabase } from '../../test/database.ts'
import { consented, customer, decoded, deletion, noon } from '../../test/events.ts'
import { createProjections } from '../projections.ts'
import type { Event } from '../pure/admit.ts'
import { createAnswerVerdicts } from './answer-verdicts.ts'

const db = testDatabase('verdicts')
let stores: Stores
let count = 0
beforeEach(() => {
  stores = storesOf(db())
})

const apply = async (...all: Event[]) => applierOver(stores, pause)(all.map(decoded))
function answer(own: Stores = stores) {
  const changes = changesOf(own, async () => undefined)
  const decisions = { about: async () => [] }
  const project = createProjections({ ...own, policies: fixed(shipped), decisions, changes, pause })
  return createAnswerVerdicts({ ...own, project })()
}
type Kept = { _id: string; [field: string]: unknown }
const documentOf = async (id: string) => db().collection<Kept>('users').findOne({ _id: id })
/** What documents say, without what tells of verdicts and what only the machinery reads. */
async function said() {
  const found = await db().collection<Kept>('users').find().sort({ _id: 1 }).toArray()
  return found.map(({ version, rev, inputs, pending, projection, identity, conflicts, syncedAt, ...rest }) => rest)
}

/** Asks as `varai decide` does. */
async function write(one: string, says: string, other: string): Promise<string> {
  count += 1
  const id = `v${count}`
  const who = { by: 'mia', why: 'saw both passports', at: new Date(noon + count) }
  await db()
    .collection<Kept>('verdicts')
    .insertOne({ _id: id, merchantId: 'optik', pair: [one, other].sort(), says, ...who, state: 'asked' })
  return id
}
async function ask(one: string, says: string, other: string) {
  const id = await write(one, says, other)
  await answer()
  return db().collection<Kept>('verdicts').findOne({ _id: id })
}

const ofStore = (storeId: string, rest: object) =>
  customer({ entityId: '1', storeId, createdAt: noon, platformAt: noon, ...rest })
const idOf = (storeId: string) => `optik|shopify|${storeId}|1`
const [north, south, west] = ['north', 'south', 'west'].map(idOf) as [string, string, string]
const events = [
  ofStore('north', { email: 'ann@x.at', phone: '+43 1 5877001', acceptsMarketing: true }),
  ofStore('south', { email: 'ann@x.at', createdAt: noon + 1, acceptsMarketing: false }),
  ofStore('west', { email: 'annie@y.at', createdAt: noon + 2, phone: '+43 1 5877003', platformAt: noon + 3 }),
  consented({ entityId: 'r', storeId: 'west', customerId: '1', level: 'basic' }),
  consented({ entityId: 'r', storeId: 'north', customerId: '1', level: 'research' }),
]

describe('the same', () => {
  test('joins records that share nothing, with what their addresses join; former ids lead to it', async () => {
    await apply(...events)
    expect(await ask(south, 'same', west)).toMatchObject({ state: 'shown' })
    expect(await documentOf(north)).toMatchObject({
      members: [north, south, west],
      phone: '+43 1 5877003',
      identity: {
        joined: [
          { records: [south, west], by: 'verdict' },
          { records: [north, south], by: 'email' },
        ],
      },
      // the most restrictive of each purpose
      acceptsMarketing: false,
      consentLevel: 'basic',
    })
    expect(await documentOf(west)).toMatchObject({ redirectTo: north })
  })

  test.each(['withdrawn', 'unsure'])(
    'taken back (%s): all sides say what they would had it never been',
    async (how) => {
      await apply(...events)
      const before = await said()
      await ask(south, 'same', west)
      expect(await said()).not.toEqual(before)
      await ask(west, how, south)
      expect(await said()).toEqual(before)
      expect(await documentOf(north)).toMatchObject({ acceptsMarketing: false, consentLevel: 'research' })
      expect(await documentOf(west)).toMatchObject({ acceptsMarketing: null, consentLevel: 'basic' })
    },
  )
})

test('not the same parts what an address joins: both sides say what each would alone, each with its own consent', async () => {
  await apply(...events)
  await ask(north, 'not_same', south)
  const parted = await said()
  expect(await documentOf(north)).toMatchObject({ members: [north], acceptsMarketing: true })
  expect(await documentOf(south)).toMatchObject({
    ...{ members: [south], acceptsMarketing: false },
    identity: {
      apart: [
        { why: 'not_same', asks: false },
        { why: 'verdict', says: 'not_same', from: [north] },
      ],
    },
    conflicts: [{ group: 'identity', open: false }],
  })
  await db().collection('users').deleteMany({})
  for (const event of [...events].reverse()) await apply(event)
  expect(await said()).toEqual(parted)
})

test('two merchants never meet, and what cannot be is refused with the reason', async () => {
  await apply(...events, ofStore('north', { merchantId: 'rival', email: 'ann@x.at' }))
  const rival = 'rival|shopify|north|1'
  const refused = async (one: string, says: string, other: string) => (await ask(one, says, other))?.['reason']
  expect(await refused(north, 'same', rival)).toMatch(/of two merchants/)
  expect(await refused(north, 'same', idOf('nowhere'))).toBe(`there is no customer ${idOf('nowhere')}`)
  expect(await refused(north, 'same', north)).toMatch(/always the same/)
  expect(await refused(north, 'maybe', south)).toMatch(/cannot be read/)
  expect(await documentOf(rival)).toMatchObject({ members: [rival] })
})

test('a process that dies before the documents show it leaves the rest to the next', async () => {
  await apply(...events)
  await write(south, 'same', west)
  const dying = { ...stores, users: { ...stores.users, write: () => Promise.reject(new Error('killed')) } }
  await expect(answer(dying)).rejects.toThrow('killed')
  expect(await documentOf(west)).toMatchObject({ members: [west] })
  // whoever comes by shows it
  await apply(ofStore('south', { email: 'ann@x.at', platformAt: noon + 9 }))
  expect(await documentOf(west)).toMatchObject({ redirectTo: north })
  expect(await answer()).toBe(1)
  expect(await answer()).toBe(0)
})

test('a closed account that was joined stays found: its id leads to the person', async () => {
  await apply(...events)
  await ask(south, 'same', west)
  await apply(deletion('customer', { entityId: '1', storeId: 'north', platformAt: noon + 9 }))
  expect(await documentOf(north)).toMatchObject({ members: [north, south, west], deleted: false })
  expect(await documentOf(west)).toMatchObject({ redirectTo: north })
})
