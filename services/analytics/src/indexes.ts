import type { Db } from 'mongodb'
import { factCollection } from './fact-store.ts'
import { rollupCollection } from './rollup-store.ts'

/** The indexes this service reads by. Safe to run again, and while older releases run. */
export async function createIndexes(db: Db): Promise<string[]> {
  const facts = await db.collection(factCollection).createIndexes([
    // Holds all that a count reads, so that an hour is summed without fetching its facts.
    { name: 'counted', key: { 'counted.bucket': 1, 'counted.cancelled': 1, 'counted.total': 1 } },
  ])
  const rollups = await db
    .collection(rollupCollection)
    .createIndexes([{ name: 'merchant-hours', key: { merchantId: 1, hour: 1, _id: 1 } }])
  return [...facts.map((name) => `${factCollection}.${name}`), ...rollups.map((name) => `${rollupCollection}.${name}`)]
}
