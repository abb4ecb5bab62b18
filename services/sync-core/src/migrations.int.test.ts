import { beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../test/database.ts'
import { migrate, pendingMigrations, untilMigrated } from './migrations.ts'

const db = testDatabase('migrations')
beforeEach(async () => {
  await db().dropDatabase()
})

const all = [
  '0001-indexes',
  '0002-catalog',
  '0003-parts',
  '0004-changes',
  '0005-decisions',
  '0006-conflicts',
  '0007-ai-records',
  '0008-verdicts',
  '0009-erasures',
]
const indexesOf = async (collection: string) => (await db().collection(collection).indexes()).map(({ name }) => name)

test('what is lacking is applied once', async () => {
  expect(await pendingMigrations(db())).toEqual(all)
  expect(await migrate(db())).toEqual(all)
  expect(await indexesOf('orders')).toContain('store-orders')
  expect(await indexesOf('users')).toContain('reach')
  expect(await migrate(db())).toEqual([])
})

test('two at once do no harm', async () => {
  await Promise.all([migrate(db()), migrate(db())])
  expect(await pendingMigrations(db())).toEqual([])
  expect(await indexesOf('customers')).toContain('email')
})

test('a service waits until someone migrates', async () => {
  const told: string[] = []
  const waiting = untilMigrated(db(), {
    stopping: new AbortController().signal,
    onPending: (names) => told.push(...names),
    everyMs: 10,
  })
  await expect.poll(() => told).toEqual(all)
  await migrate(db())
  await waiting
  expect(told).toEqual(all)
})

test('a service that is told to stop waits no longer', async () => {
  const stop = new AbortController()
  const waiting = untilMigrated(db(), { stopping: stop.signal, onPending: () => stop.abort() })
  await expect(waiting).rejects.toThrow()
})
