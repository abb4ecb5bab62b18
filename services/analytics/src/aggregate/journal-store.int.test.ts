import type {} from '@varai/dev-stack/vitest'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Step } from '../step.ts'
import { createJournalStore } from './journal-store.ts'

let client: MongoClient
beforeAll(async () => {
  client = await MongoClient.connect(inject('stack').mongo.url)
})
afterAll(() => client?.close())

test('of two steps one is opened; whoever finds it open reads it as it was, until it is closed', async () => {
  const db = client.db(`analytics_journal_${process.pid}`)
  const row = { row: 'orders|acme|…|“a”%7C', isNew: true, figures: { orders: 2, netTotal: '0.000001' } }
  const shown = { rows: [{ row: row.row, add: { orders: 1 } }], attribution: null }
  const step: Step = {
    ...{ rows: [row], sessions: [{ id: 's', version: 3, at: null, ...shown }], orders: [], concerned: ['s'] },
  }
  try {
    const [one, other] = [createJournalStore(db), createJournalStore(db)]
    for (const seq of [0, 1]) {
      const opened = await Promise.all([one, other].map((journal) => journal.open(seq, step)))
      expect(opened.toSorted()).toEqual([false, true])
      expect(await other.last()).toEqual({ seq: seq + 1, open: step })
      await one.close(seq + 1)
      expect(await other.last()).toEqual({ seq: seq + 1, open: undefined })
    }
  } finally {
    await db.dropDatabase()
  }
})
