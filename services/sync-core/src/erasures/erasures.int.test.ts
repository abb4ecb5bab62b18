import { createLog } from '@varai/runtime'
import { pause } from '@varai/runtime/guarded-writes'
import { createLeaseStore } from '@varai/runtime/leases'
import type { Draft, PrivacyConfirmed } from '@varai/schemas'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  applierOver,
  changesOf,
  fixed,
  recordChangesOf,
  type Stores,
  shipped,
  type ToldChange,
} from '../../test/apply.ts'
import { storesOf, testDatabase } from '../../test/database.ts'
import {
  consented,
  customer,
  decoded,
  erasure,
  hours,
  noon,
  order,
  product,
  recommended,
  session,
} from '../../test/events.ts'
import { createConflictStore } from '../conflicts/conflict-store.ts'
import { createPresent } from '../conflicts/present.ts'
import { createReviewConflicts } from '../conflicts/review-conflicts.ts'
import { createDecisionStore } from '../decisions/decision-store.ts'
import { createFoldInto } from '../fold-into.ts'
import { createProjections } from '../projections.ts'
import type { Event } from '../pure/admit.ts'
import { createResolveParts } from '../resolve-parts.ts'
import { createEraseStores } from './erase-stores.ts'
import { nameOfCustomer } from './erasure-store.ts'
import { createTidy } from './tidy.ts'

const db = testDatabase('erasures')
const log = createLog({ service: 'test', level: 'silent' })
let stores: Stores
let told: ToldChange[]
let confirmed: Draft<PrivacyConfirmed>[]
beforeEach(() => {
  stores = storesOf(db())
  told = []
  confirmed = []
})

async function apply(...events: Event[]) {
  const tell = async (change: ToldChange) => void told.push(change)
  const changes = changesOf(stores, tell)
  const handle = applierOver(
    ...([
      stores,
      pause,
      fixed(shipped),
      undefined,
      changes,
      createDecisionStore(db()),
      undefined,
      recordChangesOf(tell),
    ] as const),
    { confirm: async (confirmation) => void confirmed.push(confirmation), tidy: createTidy(db()) },
  )
  for (const event of events) {
    await handle([decoded(event)])
    await changes.users.clear()
  }
}

const review = (changes: readonly ToldChange[]) =>
  createReviewConflicts({
    ...{ conflicts: createConflictStore(db()), present: createPresent(stores), pause, log },
    erasures: (records) => stores.erasures.of(records.map(nameOfCustomer)),
  })(
    changes.map((value, at) => ({
      ...{ topic: 'varai.changes', partition: 0, offset: `${at}`, timestamp: 0, attempt: 0, headers: {} },
      ...{ key: value.documentId, record: 'DocumentChanged' as const, value },
    })),
  )

/** Every text that lies anywhere in the database. */
async function everything(): Promise<string> {
  const all = await db().collections()
  const found = await Promise.all(all.map((collection) => collection.find().toArray()))
  return JSON.stringify(found)
}
const documents = async (collection: string) =>
  Object.fromEntries(
    (await db().collection<{ _id: string }>(collection).find().toArray()).map(({ _id, ...rest }) => [
      _id,
      rest as never,
    ]),
  ) as Record<string, Record<string, unknown>>

const ann = { entityId: '1', storeId: 'north', email: 'ann@secret.at', firstName: 'Annsecret', phone: '+43 1 5877001' }
const bob = { entityId: '2', storeId: 'south', email: 'ann@secret.at', firstName: 'Bob', phone: '+43 1 5877002' }
const address = { id: 'a', address1: 'Secret lane 1', city: 'Wien', countryCode: 'AT' }
const variant = { id: 'v', sku: 'VS-1', options: [] }
const nested = { lines: [], transactions: [], adjustments: [] }
const life = () => [
  customer({ ...ann, createdAt: noon, addresses: [address] }),
  customer({ ...bob, createdAt: noon + 1, platformAt: noon + 1 }),
  order({
    ...{
      entityId: 'o-1',
      storeId: 'north',
      customerId: '1',
      email: 'ann@secret.at',
      note: 'secret note',
      total: '12.5',
    },
    items: [{ sku: 'VS-1', prescription: '-1.5 secret' }],
    refunds: [{ id: 'r', note: 'a secret refund', total: '1', ...nested }],
  }),
  session({
    entityId: 's',
    storeId: 'north',
    customerId: '1',
    conversation: [{ role: 'shopper', text: 'my secret', at: noon }],
  }),
  recommended({ entityId: 's', storeId: 'north', customerId: '1', recommendationId: 'r', context: { why: 'secret' } }),
  consented({
    entityId: 'c',
    storeId: 'north',
    customerId: '1',
    email: 'ann@secret.at',
    level: 'research',
    proof: 'secret',
  }),
]
const ask = (more: object = {}) =>
  erasure({
    requestId: `request ${JSON.stringify(more)}`,
    customerId: '1',
    storeId: 'north',
    email: 'ann@secret.at',
    orderIds: ['o-1'],
    platformAt: noon + hours(1),
    ...more,
  })
const idOf = (id: string, store: string) => `optik|shopify|${store}|${id}`

describe('one account of somebody who has two', () => {
  test('is erased wherever it was written, and its owner goes on as the other', async () => {
    await apply(...life())
    expect(await everything()).toMatch(/Annsecret/)
    await review(told)
    await apply(ask())
    await review(told)
    // what the other account states is nobody's secret
    expect((await everything()).replaceAll('ann@secret.at', '')).not.toMatch(/secret/i)
    const users = await documents('users')
    expect(users[idOf('1', 'north')]).toMatchObject({ erased: true, erasedAt: new Date(noon + hours(1)) })
    expect(users[idOf('2', 'south')]).toMatchObject({ firstName: 'Bob', members: [idOf('2', 'south')] })
    expect((await documents('orders'))[idOf('o-1', 'north')]).toMatchObject({
      deleted: false,
      items: [{ sku: 'VS-1' }],
    })
    expect((await documents('customers'))[idOf('1', 'north')]).toMatchObject({ deleted: true, subject: 'sub_1' })
  })

  test('is told as erased, and no change that is told from then on says what it was', async () => {
    await apply(...life())
    const before = told.length
    await apply(ask())
    const after = told.slice(before)
    expect(
      after
        .filter(({ kind }) => kind === 'erased')
        .map(({ changeId }) => changeId.split('|', 5).join('|'))
        .sort(),
    ).toEqual([
      'consents|optik|shopify|north|c',
      'customers|optik|shopify|north|1',
      'orders|optik|shopify|north|o-1',
      'users|optik|shopify|north|1',
    ])
    expect(JSON.stringify(after).replaceAll('ann@secret.at', '')).not.toMatch(/secret/i)
    expect(after.filter(({ before: from }) => from !== null)).toEqual([])
  })

  test('what is told late of it, or again, is written nowhere; a second request adds nothing; a person who comes back is new', async () => {
    await apply(ask(), ...life().reverse())
    expect((await everything()).replaceAll('ann@secret.at', '')).not.toMatch(/secret/i)
    await apply(...life(), ask())
    const before = [await documents('customers'), await documents('users'), await documents('orders')]
    await apply(ask())
    expect([await documents('customers'), await documents('users'), await documents('orders')]).toEqual(before)
    await apply(customer({ ...ann, email: 'anna@new.at', firstName: 'Anna', platformAt: noon + hours(2) }))
    const users = await documents('users')
    expect(users[idOf('1', 'north')]).toMatchObject({ firstName: 'Anna' })
    expect(users[idOf('1', 'north')]?.['addresses']).toEqual([])
    expect(Number(users[idOf('1', 'north')]?.['version'])).toBeGreaterThan(
      Number(before[1]?.[idOf('1', 'north')]?.['version']),
    )
  })

  test('is confirmed with what was held', async () => {
    await apply(...life(), ask(), ask({ customerId: 'nobody', orderIds: [], email: null }))
    expect(confirmed).toMatchObject([
      { outcome: 'done', counts: { customers: 1, orders: 1, ai_sessions: 1, recommendations: 1, consents: 1 } },
      { outcome: 'nothing-held', counts: {} },
    ])
  })
})

test('a whole person is all accounts that were one when it was first taken up, however often it is taken up', async () => {
  await apply(...life())
  const asked = ask({ scope: 'person', orderIds: [] })
  const dying = { ...stores, records: { ...stores.records, ordersOf: () => Promise.reject(new Error('killed')) } }
  const whole = stores
  stores = dying
  await expect(apply(asked)).rejects.toThrow('killed')
  stores = whole
  await apply(asked)
  expect(await everything()).not.toMatch(/secret/i)
  expect(Object.values(await documents('users')).map(({ erased }) => erased)).toEqual([true, true])
  // another order of theirs that was on its way
  await apply(order({ entityId: 'o-2', storeId: 'north', customerId: '1', email: 'ann@secret.at' }))
  expect(await everything()).not.toMatch(/secret/i)
})

test('a decision and what it held go with the account', async () => {
  await apply(...life())
  const at = new Date(noon)
  const by = { merchantId: 'optik', group: 'name', version: 1, by: 'me', why: 'she is Annsecret', at, state: 'shown' }
  await db()
    .collection<{ _id: string }>('decisions')
    .insertOne({
      _id: 'd',
      collection: 'users',
      documentId: idOf('1', 'north'),
      about: [idOf('1', 'north')],
      says: '{"secret":1}',
      ...by,
    } as { _id: string })
  await db()
    .collection<{ _id: string }>('verdicts')
    .insertOne({
      _id: 'v',
      pair: [idOf('1', 'north'), idOf('2', 'south')],
      says: 'same',
      ...by,
    } as { _id: string })
  await apply(ask())
  expect((await everything()).replaceAll('ann@secret.at', '')).not.toMatch(/secret/i)
})

test('a change that comes late to the queue of conflicts brings nothing back', async () => {
  await apply(...life())
  const late = [...told]
  await apply(ask())
  await review(late)
  expect((await everything()).replaceAll('ann@secret.at', '')).not.toMatch(/secret/i)
})

test('a whole store goes page by page, whoever dies on the way; what comes late of it too, and no other store', async () => {
  await apply(
    ...life(),
    product({ entityId: 'p', storeId: 'north', title: 'Secretly round', variants: [variant] as never }),
  )
  await apply(ask({ kind: 'shop_redact', customerId: null, email: null, orderIds: [] }))
  let hours = 0
  const leases = createLeaseStore(db(), 'jobs', () => Date.now() + 3_600_000 * hours)
  const erasing = (dies: boolean) => {
    hours += 1
    const tell = async (change: ToldChange) => void told.push(change)
    const [changes, tellRecords] = [changesOf(stores, tell), recordChangesOf(tell)]
    const about = { policies: fixed(shipped), decisions: createDecisionStore(db()), changes, pause }
    const { records, erasures } = stores
    return createEraseStores({
      ...{ records, erasures, leases, log, pageSize: 1, changes: tellRecords, tidy: createTidy(db()) },
      project: createProjections({ ...stores, ...about }),
      foldInto: createFoldInto({
        ...{ records, changes: tellRecords, pause, ask: async () => undefined },
        resolveParts: createResolveParts(records),
      }),
      copySessions: () => (dies ? Promise.reject(new Error('killed')) : Promise.resolve()),
      confirm: async (confirmation) => void confirmed.push(confirmation),
    })(new AbortController().signal)
  }
  await expect(erasing(true)).rejects.toThrow('killed')
  expect(await erasing(false)).toBe(1)
  expect(await erasing(false)).toBe(0)
  await apply(...life(), order({ entityId: 'o-9', storeId: 'north', note: 'a late secret' }))
  expect((await everything()).replaceAll('ann@secret.at', '').replaceAll('Secretly round', '')).not.toMatch(/secret/i)
  expect((await documents('orders'))[idOf('o-1', 'north')]).toMatchObject({ deleted: true, subject: 'sub_null' })
  expect((await documents('catalog'))[`${idOf('p', 'north')}|v`]).toMatchObject({ deleted: true })
  expect((await documents('users'))[idOf('2', 'south')]).toMatchObject({ firstName: 'Bob', deleted: false })
  expect(confirmed).toMatchObject([
    {
      outcome: 'done',
      counts: { customers: 1, orders: 1, products: 1, ai_sessions: 1, recommendations: 1, consents: 1 },
    },
  ])
})
