import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {} from '@varai/dev-stack/vitest'
import { parquetReadObjects } from 'hyparquet'
import { type Db, MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, expect, inject, onTestFinished, test } from 'vitest'
import { splitOf } from '../pure/index.ts'
import { createRowStore, indexRows } from '../row-store.ts'
import type { KeptRow, TrainingRow } from '../stored.ts'
import { FolderTaken, runExport } from './run-export.ts'

let client: MongoClient
let db: Db
const database = `ml_export_test_${process.pid}`
const k = 3
const week = '2026-03-09'
beforeAll(async () => {
  client = await MongoClient.connect(inject('stack').mongo.url)
  db = client.db(database)
})
beforeEach(async () => {
  await db.dropDatabase()
  await indexRows(db)
})
afterAll(async () => {
  await client?.db(database).dropDatabase()
  await client?.close()
})

const removed: string[] = []
const rows = () => createRowStore(db, async (payloads) => void removed.push(...payloads), k)

const kept = (id: number): KeptRow => ({
  ...{ _id: `w_${id}`, entity: `s_${id}`, dataType: 'face_analysis', level: 'research', platform: 'html' },
  ...{
    region: 'EU',
    week,
    subject: `a_${id}`,
    store: 't',
    period: '2026-03',
    group: 'g',
    categories: { faceShape: 'oval' },
  },
  ...{ measures: { pupillaryDistance: 60 }, changedAt: new Date(0), state: 'waiting', cohort: null },
  ...{ exports: [], pseudonyms: [] },
})

/** A cohort of these rows, published. */
async function released(cohort: string, ids: readonly number[]): Promise<void> {
  const store = rows()
  await store.add(ids.map(kept))
  const of = {
    _id: cohort,
    state: 'forming',
    check: false,
    said: { faceShape: 'oval', pupillaryDistance: 60.5 },
    at: new Date(),
  } as const
  await store.form(
    of,
    ids.map((id) => ({ id: `w_${id}`, changedAt: new Date(0) })),
  )
  const shown = async ({ _id, dataType, platform, region, level }: KeptRow): Promise<TrainingRow> => ({
    ...{ _id, dataType, platform, region, data: of.said, timestamp: new Date(week), consentLevel: level },
    ...{ anonymized: true, cohort, pseudonym: `p-${_id}` },
  })
  await store.publish(of, shown)
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'ml-export-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

const request = { dataTypes: ['face_analysis', 'order'], from: '2026-03-01', to: '2026-04-01' } as const
const stopping = new AbortController().signal
const exported = (into: string, more: Partial<Parameters<typeof runExport>[2]> = {}) =>
  runExport(db, request, { folder: into, k, stopping, progress: () => undefined, ...more })
const lines = async (into: string) =>
  (await readFile(join(into, 'face_analysis', `${week}.jsonl`), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

test('both kinds of file hold the same, and the card and the manifest tell of it', async () => {
  await released('c1', [1, 2, 3])
  await released('c2', [4, 5, 6, 7])
  await rows().add([kept(8)])
  const into = await folder()
  const { id, card } = await exported(into)
  const read = await lines(into)
  expect(read).toHaveLength(7)
  expect(read[0]).toEqual({
    ...{ platform: 'html', region: 'EU', week, consentLevel: 'research', pseudonym: 'p-w_1', split: splitOf('a_1') },
    ...{
      faceShape: 'oval',
      outcome: null,
      pupillaryDistanceFrom: null,
      pupillaryDistanceTo: null,
      pupillaryDistance: 60.5,
    },
    ...{
      faceWidthFrom: null,
      faceWidthTo: null,
      faceWidth: null,
      faceHeightFrom: null,
      faceHeightTo: null,
      faceHeight: null,
    },
  })
  const bytes = await readFile(join(into, 'face_analysis', `${week}.parquet`))
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
  expect(await parquetReadObjects({ file })).toEqual(read)
  expect(card.types.map(({ dataType, rows, waiting, withheld }) => [dataType, rows, waiting, withheld])).toEqual([
    ['face_analysis', 7, 1, 0],
    ['order', 0, 0, 0],
  ])
  const manifest = JSON.parse(await readFile(join(into, 'manifest.json'), 'utf8'))
  expect(manifest).toMatchObject({ export: id, state: 'done', files: [{ rows: 7 }, { rows: 7 }] })
  expect(await db.collection('ml_rows').countDocuments({ exports: id })).toBe(7)
  expect(await readdir(into)).toEqual(['data-card.json', 'data-card.md', 'face_analysis', 'manifest.json'])
  await expect(exported(into)).rejects.toThrow(FolderTaken)
})

test('who leaves while it is written is not in it, and neither are those who are then too few', async () => {
  await released('c1', [1, 2, 3])
  await released('c2', [4, 5, 6, 7])
  const into = await folder()
  let left = false
  const leave = async () => {
    if (left) return
    left = true
    const [gone, other] = await Promise.all([rows().of(['s_1']), rows().of(['s_4'])])
    await rows().change([...gone, ...other].map((held) => ({ held, next: undefined, cause: 'consent|1' })))
  }
  const { id } = await exported(into, { onPage: leave })
  expect((await lines(into)).map(({ pseudonym }) => pseudonym)).toEqual(['p-w_5', 'p-w_6', 'p-w_7'])
  // What could have been in an export is listed for it, rather than forgotten.
  const [listed] = await db.collection('ml_withdrawals').find().toArray()
  expect(listed).toMatchObject({
    _id: 'consent|1',
    rows: [
      { row: 'w_1', exports: [id] },
      { row: 'w_4', exports: [id] },
    ],
  })
})

test('who leaves by what was read before they were shown leaves what was shown since', async () => {
  await rows().add([1, 2, 3].map(kept))
  const early = await rows().of(['s_1'])
  await released('c1', [1, 2, 3])
  expect(await db.collection('ml_training_data').countDocuments()).toBe(3)
  await rows().change(early.map((held) => ({ held, next: undefined, cause: 'consent|1' })))
  expect(await db.collection('ml_training_data').countDocuments()).toBe(0)
  expect(await rows().count({ state: 'waiting' })).toBe(2)
  expect(await db.collection('ml_withdrawals').countDocuments()).toBe(1)
})

test('killed, it goes on under its id; a folder of something else is refused', async () => {
  await released('c1', [1, 2, 3])
  const into = await folder()
  await expect(exported(into, { onPage: () => Promise.reject(new Error('killed')) })).rejects.toThrow('killed')
  const { export: id } = JSON.parse(await readFile(join(into, 'manifest.json'), 'utf8'))
  await expect(
    runExport(db, { ...request, to: '2026-05-01' }, { folder: into, k, stopping, progress: () => undefined }),
  ).rejects.toThrow(FolderTaken)
  expect(await exported(into)).toMatchObject({ id, resumed: true })
  expect(await lines(into)).toHaveLength(3)
})

test('a cohort with fewer than the export asks for stays out, and is counted', async () => {
  await released('c1', [1, 2, 3])
  await released('c2', [4, 5, 6, 7])
  const { card } = await exported(await folder(), { k: 4 })
  expect(card.types[0]).toMatchObject({ rows: 4, withheld: 3 })
})
