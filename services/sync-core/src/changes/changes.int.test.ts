import { pause } from '@varai/runtime/guarded-writes'
import type { Document } from 'mongodb'
import { beforeEach, expect, test } from 'vitest'
import { applierOver, changesOf, fixed, type Stores, shipped, type ToldChange } from '../../test/apply.ts'
import { storesOf, testDatabase } from '../../test/database.ts'
import { customer, decoded, noon, product } from '../../test/events.ts'
import type { Event } from '../pure/admit.ts'
import { textOf } from '../pure/plain.ts'
import { sweepChanges } from './keep-told.ts'

const db = testDatabase('changes')
const killed = new Error('killed')
let stores: Stores
let told: ToldChange[]
beforeEach(() => {
  stores = storesOf(db())
  told = []
})
const tell = async (change: ToldChange) => void told.push(change)
const dies = () => Promise.reject(killed)

/** One process over the database; `broken` replaces what it is to die in. */
function processOver(own: Stores, telling: (change: ToldChange) => Promise<void> = tell) {
  const changes = changesOf(own, telling)
  const apply = applierOver(own, pause, fixed(shipped), undefined, changes)
  return { changes, apply: (all: readonly Event[]) => apply(all.map(decoded)) }
}

async function sweep() {
  for (const collection of ['users', 'catalog'] as const) {
    const { [collection]: changes } = changesOf(stores, tell)
    await sweepChanges({ changes, unpublished: stores[collection].unpublished }, { before: Date.now() + 60_000 })
  }
}

type Stored = Document & { _id: string; version: number }
const all = async (collection: string) => db().collection<Stored>(collection).find().toArray()
/** Every document with its version, as the database has it. */
async function stored() {
  const read = async (collection: 'users' | 'catalog') => {
    const ids = (await all(collection)).map(({ _id }) => _id)
    const held = await stores[collection].reaching(ids)
    return held.map(({ id, version, image }) => [`${collection} ${id}`, { version, after: textOf(image()) }] as const)
  }
  return new Map([...(await read('users')), ...(await read('catalog'))])
}
function newest() {
  const documents = new Map<string, { version: number; after: string | null }>()
  for (const { collection, documentId, version, after } of told) {
    const name = `${collection} ${documentId}`
    if (version > (documents.get(name)?.version ?? 0)) documents.set(name, { version, after })
  }
  return documents
}
const pending = async () =>
  [...(await all('users')), ...(await all('catalog'))].flatMap((each) => each['pending'] ?? [])

const ann = (id: string, email: string, at = 0) =>
  customer({ entityId: id, storeId: `store-${id}`, email, platformAt: noon + at, createdAt: noon + Number(id) })
const idOf = (id: string) => `optik|shopify|store-${id}|${id}`
const split = [ann('1', 'a@x.at'), ann('2', 'a@x.at'), ann('2', 'b@x.at', 1)]

test('what was told is what lies there: persons, redirects and items; then it is taken out of the documents', async () => {
  const { apply, changes } = processOver(stores)
  await apply([...split.slice(0, 2), product({ title: 'Round', variants: [{ id: '1', sku: 'S', price: '9.5' }] })])
  expect(newest()).toEqual(await stored())
  expect(await pending()).not.toEqual([])
  await changes.users.clear()
  await changes.catalog.clear()
  expect(await pending()).toEqual([])

  const before = told.length
  await apply(split.slice(2))
  expect(newest()).toEqual(await stored())
  const since = told.slice(before).filter(({ after }) => after !== null)
  expect(since.map(({ documentId, version, kind }) => [documentId, version, kind])).toEqual(
    expect.arrayContaining([
      [idOf('1'), 2, 'updated'],
      [idOf('2'), 2, 'updated'],
    ]),
  )
  expect(since.find(({ documentId }) => documentId === idOf('2'))).toMatchObject({
    changeId: `users|${idOf('2')}|2`,
    before: `{"redirectTo":"${idOf('1')}"}`,
    causes: [split[2]?.value.eventId],
  })
})

test('the same events again tell nothing again', async () => {
  const { apply } = processOver(stores)
  await apply(split)
  await sweep()
  const before = told.length
  await processOver(stores).apply(split)
  expect(told).toHaveLength(before)
})

test('the process dies after the record save of a split: the redelivery tells both sides', async () => {
  await processOver(stores).apply(split.slice(0, 2))
  await sweep()
  const dying = { ...stores, users: { ...stores.users, write: dies } }
  await expect(processOver(dying).apply(split.slice(2))).rejects.toThrow('killed')
  expect(newest().get(`users ${idOf('2')}`)?.after).toContain('redirectTo')
  await processOver(stores).apply(split.slice(2))
  await sweep()
  expect(newest()).toEqual(await stored())
  expect(newest().get(`users ${idOf('2')}`)?.after).toContain('b@x.at')
  expect(await pending()).toEqual([])
})

test('the process dies after the document save, before it tells: the redelivery tells, or the sweep', async () => {
  await expect(processOver(stores, dies).apply(split.slice(0, 2))).rejects.toThrow('killed')
  expect(told).toEqual([])
  await processOver(stores).apply(split.slice(0, 2))
  expect(newest()).toEqual(await stored())

  await expect(processOver(stores, dies).apply(split.slice(2))).rejects.toThrow('killed')
  expect(newest()).not.toEqual(await stored())
  await sweep()
  expect(newest()).toEqual(await stored())
  expect(await pending()).toEqual([])
})

test('a later change of the same document carries what another process left behind, and nobody loses it', async () => {
  await processOver(stores).apply([ann('1', 'a@x.at')])
  await sweep()
  const before = told.length
  await expect(processOver(stores, dies).apply([ann('1', 'b@x.at', 1)])).rejects.toThrow('killed')
  await processOver(stores).apply([ann('1', 'c@x.at', 2)])
  expect(told.slice(before).map(({ version, afterIs }) => [version, afterIs])).toEqual([
    [2, 'superseded'],
    [3, 'whole'],
  ])
})

test('a delayed projection meets a newer merge: it loses its guards, and tells nothing of its own', async () => {
  await processOver(stores).apply(split.slice(0, 1))
  const { promise: merged, resolve: goOn } = Promise.withResolvers<void>()
  const { promise: reached, resolve: hasRead } = Promise.withResolvers<void>()
  let first = true
  const slow: Stores = {
    ...stores,
    users: {
      ...stores.users,
      async write(writes) {
        if (first) {
          first = false
          hasRead()
          await merged
        }
        return stores.users.write(writes)
      },
    },
  }
  const delayed = processOver(slow).apply([ann('1', 'z@x.at', 1)])
  await reached
  // meanwhile the person's address is another's too
  await processOver(stores).apply([ann('2', 'z@x.at', 2), ann('3', 'z@x.at', 2)])
  goOn()
  await delayed
  await sweep()
  expect(newest()).toEqual(await stored())
  expect(newest().get(`users ${idOf('3')}`)?.after).toBe(`{"redirectTo":"${idOf('1')}"}`)
  const versions = told.map(({ collection, documentId, version, after }) => ({
    id: `${collection} ${documentId} ${version}`,
    after,
  }))
  // one version never says two things
  for (const [, same] of Map.groupBy(
    versions.filter(({ after }) => after !== null),
    ({ id }) => id,
  )) {
    expect(new Set(same.map(({ after }) => after)).size).toBe(1)
  }
})

test('three processes that die again and again, over persons who wander: told is what lies there, nothing is left', async () => {
  const emails = ['a@x.at', 'b@x.at', 'c@x.at', 'none']
  const events = Array.from({ length: 90 }, (_, at) => ann(`${at % 9}`, emails[(at * 7) % 4] ?? '', at))
  let [deaths, processes] = [0, 0]
  /** Of one process: after so many steps nothing of it works any more. */
  const mortal = (lifetime: number) => {
    let steps = 0
    return <A extends unknown[], R>(run: (...given: A) => Promise<R>) =>
      async (...given: A): Promise<R> => {
        steps += 1
        if (steps > lifetime) throw killed
        return run(...given)
      }
  }
  async function applied(some: readonly Event[]): Promise<boolean> {
    processes += 1
    // two of three, so that all get on
    const dying = mortal(processes % 3 === 0 ? Number.POSITIVE_INFINITY : (processes * 5) % 11)
    const users = { ...stores.users, write: dying(stores.users.write) }
    const { apply, changes } = processOver({ ...stores, users }, dying(tell))
    try {
      await apply(some)
      await changes.users.clear()
      return true
    } catch (error) {
      if (error !== killed) throw error
      deaths += 1
      return false
    }
  }
  await Promise.all(
    [0, 1, 2].map(async (which) => {
      const mine = events.filter((_, at) => at % 3 === which)
      for (let at = 0; at < mine.length; ) if (await applied(mine.slice(at, at + 2))) at += 2
    }),
  )
  await sweep()
  expect(deaths).toBeGreaterThanOrEqual(20)
  expect(newest()).toEqual(await stored())
  expect(await pending()).toEqual([])
})

test('a change that is too large for a record is told without its values', async () => {
  const { TooLarge } = await import('@varai/kafka')
  const small = async (change: ToldChange) => {
    if (change.after !== null) throw new TooLarge(2, 1)
    await tell(change)
  }
  await processOver(stores, small).apply(split.slice(0, 1))
  expect(told).toMatchObject([{ version: 1, after: null, afterIs: 'too_large', before: null, kind: 'created' }])
})
