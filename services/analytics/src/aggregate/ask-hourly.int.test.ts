import { randomUUID } from 'node:crypto'
import type {} from '@varai/dev-stack/vitest'
import { createLeaseStore } from '@varai/runtime/leases'
import type { AggregationRequested, Draft } from '@varai/schemas'
import { type Db, MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createAskHourly } from './ask-hourly.ts'

let client: MongoClient
let db: Db
beforeAll(async () => {
  client = await MongoClient.connect(inject('stack').mongo.url)
  db = client.db(`analytics-hourly-${randomUUID()}`)
})
afterAll(async () => {
  await db.dropDatabase()
  await client.close()
})

const noon = Date.UTC(2026, 4, 1, 12, 5)
const minute = 60_000
let time = noon
const published: Draft<AggregationRequested>[] = []
const processOf = (publish = async (request: Draft<AggregationRequested>) => void published.push(request)) =>
  createAskHourly({ publish, leases: createLeaseStore(db, 'jobs', () => time), now: () => time })
const hours = () => published.splice(0).map(({ entityId }) => entityId)

test('once an hour, whoever asks; what was missed comes with the next one', async () => {
  expect(await Promise.all([processOf()(), processOf()()])).toContain('asked')
  expect(hours()).toEqual(['2026-05-01-11..2026-05-01-12'])
  time += 30 * minute
  expect(await processOf()()).toBe('not now')
  time += 30 * minute
  expect(await processOf()()).toBe('asked')
  expect(hours()).toEqual(['2026-05-01-12..2026-05-01-13'])

  time += 5 * 60 * minute
  await expect(processOf(() => Promise.reject(new Error('Kafka is away')))()).rejects.toThrow('away')
  expect(await processOf()()).toBe('not now')
  time += 2 * minute
  await processOf()()
  expect(hours()).toEqual(['2026-05-01-13..2026-05-01-18'])
})
