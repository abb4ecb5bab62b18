import { checkRooms } from './check-rooms.ts'
import { rooms } from './table.ts'

/** Sources that break one rule each (`breaks`) or none. They prove, at every run, that the check can fail. */
const seeds: readonly { file: string; code: string; breaks?: string }[] = [
  { file: 'packages/schemas/src/a.ts', code: "import { createLog } from '@varai/runtime'", breaks: 'packages/schemas' },
  { file: 'packages/privacy/src/a.ts', code: "import '@varai/schemas'", breaks: 'packages/privacy' },
  { file: 'packages/runtime/src/a.ts', code: "import '@varai/kafka'", breaks: 'packages/runtime' },
  { file: 'packages/vault/src/a.ts', code: "import '@varai/kafka'", breaks: 'packages/vault' },
  { file: 'packages/ml-data/src/a.ts', code: "import '@varai/kafka'", breaks: 'packages/ml-data' },
  { file: 'packages/set-aside/src/a.ts', code: "import { Db } from 'mongodb'", breaks: 'packages/set-aside' },
  { file: 'packages/kafka/src/a.ts', code: "import { MongoClient } from 'mongodb'", breaks: 'packages/kafka' },
  { file: 'packages/ingest/src/a.ts', code: "const { Db } = await import('mongodb')", breaks: 'packages/ingest' },
  {
    file: 'packages/ingest/src/spool/a.ts',
    code: "import { MongoClient } from 'mongodb'",
    breaks: 'packages/ingest',
  },
  {
    file: 'packages/ingest/src/poll/a.ts',
    code: "import { Kafka } from 'bullmq'",
    breaks: 'packages/ingest/src/poll',
  },
  { file: 'packages/snippet/src/page/a.ts', code: "import 'web-vitals'", breaks: 'packages/snippet/src/page' },
  { file: 'packages/snippet/src/page/a.ts', code: "eval('1')", breaks: 'packages/snippet/src/page' },
  { file: 'services/a/src/pure/fold.ts', code: "import type { Db } from 'mongodb'", breaks: 'pure' },
  { file: 'services/a/src/pure/fold.ts', code: "import pino from 'pino'", breaks: 'pure' },
  { file: 'services/a/src/pure/fold.ts', code: "import { save } from '../record-store.ts'", breaks: 'pure' },
  { file: 'services/a/src/pure/fold.ts', code: "import { createIngest } from '@varai/ingest'", breaks: 'pure' },
  { file: 'services/a/src/pure/deep/now.ts', code: 'export const now = () => Date.now()', breaks: 'pure' },
  { file: 'services/a/src/pure/deep/now.ts', code: "export const now = () => Date['now']()", breaks: 'pure' },
  { file: 'packages/a/src/pure/now.ts', code: 'export const now = () => new Date()', breaks: 'pure' },
  { file: 'packages/a/src/pure/dice.ts', code: 'export const roll = () => Math.random()', breaks: 'pure' },
  { file: 'packages/a/src/pure/env.ts', code: 'export const { env } = process', breaks: 'pure' },
  { file: 'packages/a/src/pure/id.ts', code: "import { randomUUID } from 'node:crypto'", breaks: 'pure' },
  { file: 'services/a/src/apply-batch.ts', code: "import { save } from './record-store.ts'", breaks: 'handlers' },
  {
    file: 'services/a/src/count-orders.ts',
    code: "import express from 'express'",
    breaks: 'handlers',
  },
  {
    file: 'services/a/src/collect-rows.ts',
    code: "import type { Db } from 'mongodb'",
    breaks: 'handlers',
  },
  { file: 'services/a/src/record-store.ts', code: "import type { Cache } from './cache-store.ts'", breaks: 'stores' },
  { file: 'services/a/src/record-store.ts', code: "import { done } from '@varai/kafka'", breaks: 'stores' },
  { file: 'services/a/src/config.ts', code: "import { MongoClient } from 'mongodb'", breaks: 'config' },
  { file: 'services/a/src/main.ts', code: "if (order.total > 100) await notify('big')", breaks: 'main' },
  { file: 'services/a/src/x.ts', code: "import { fold } from '@varai/b'", breaks: 'one service knows no other' },
  {
    file: 'services/a/src/x.test.ts',
    code: "type Fold = import('@varai/b').Fold",
    breaks: 'one service knows no other',
  },
  { file: 'packages/a/src/x.ts', code: "export * from '@varai/b'", breaks: 'packages know no service' },
  {
    file: 'services/a/src/x.ts',
    code: "import { aShop } from '@varai/simulator'",
    breaks: 'tools stay out of production',
  },
  { file: 'packages/vault/src/x.ts', code: "import '@varai/testkit/clock'", breaks: 'tools stay out of production' },
  {
    file: 'services/a/src/x.int.test.ts',
    code: "import { Kafka } from 'kafkajs'",
    breaks: 'only packages/kafka speaks to Kafka',
  },
  {
    file: 'packages/testkit/src/x.ts',
    code: "import { Kafka } from 'kafkajs'",
    breaks: 'only packages/kafka speaks to Kafka',
  },
  {
    file: 'bench/src/ingest/x.ts',
    code: "import { Kafka } from 'kafkajs'",
    breaks: 'only packages/kafka speaks to Kafka',
  },
  {
    file: 'bench/src/x.ts',
    code: "import { Kafka } from 'kafkajs'",
    breaks: 'only packages/kafka speaks to Kafka',
  },
  {
    file: 'services/a/src/x.ts',
    code: "import { x } from '../../../packages/kafka/src/consume.ts'",
    breaks: 'own package',
  },
  { file: 'services/a/src/utils.ts', code: 'export const two = 2', breaks: 'names' },
  {
    file: 'services/a/src/pure/good.ts',
    code: "import { createHmac } from 'node:crypto'\nimport { read } from '@varai/ingest/pure'\nexport const at = (order: { process: string; at: number }) => [new Date(order.at), order.process]",
  },
  {
    file: 'services/a/src/pure/good.test.ts',
    code: "import { test } from 'vitest'\nimport '@varai/testkit'\nconst now = Date.now()",
  },
  {
    file: 'services/a/src/apply-batch.ts',
    code: "import { done, type Outcome } from '@varai/kafka'\nimport type { RecordStore } from './record-store.ts'\nimport { fold } from './pure/fold.ts'",
  },
  {
    file: 'services/a/src/record-store.ts',
    code: "import { type Db, Decimal128 } from 'mongodb'\nimport { fold } from './pure/fold.ts'",
  },
  {
    file: 'services/a/src/main.ts',
    code: "import { MongoClient } from 'mongodb'\nimport { createApply } from './apply-batch.ts'\nconst x = config.redis === undefined ? none : some",
  },
  { file: 'packages/ingest/src/poll/known-record-store.ts', code: "import type { Db } from 'mongodb'" },
  { file: 'bench/src/peers/x.ts', code: "import { Kafka } from 'kafkajs'" },
  { file: 'packages/kafka/src/a.int.test.ts', code: "import { Kafka } from 'kafkajs'" },
]

const packages = new Map([
  ['@varai/a', 'services/a'],
  ['@varai/b', 'services/b'],
])

/** What the check gets wrong about the seeds, in words; empty when it can be trusted. */
export function misjudgedSeeds(): string[] {
  const wrong = seeds.flatMap(({ file, code, breaks }) => {
    const found = checkRooms(new Map([[file, code]]), packages).map((finding) => finding.room)
    if (breaks === undefined) return found.map((room) => `clean code counts as breaking "${room}": ${file}: ${code}`)
    return found.includes(breaks) ? [] : [`a seeded violation of "${breaks}" goes unseen: ${file}: ${code}`]
  })
  const seeded = new Set(seeds.map((seed) => seed.breaks))
  const unproven = rooms
    .filter((room) => !seeded.has(room.name))
    .map((room) => `no seed proves the rule "${room.name}"`)
  return [...wrong, ...unproven]
}
