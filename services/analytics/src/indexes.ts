import type { Db } from 'mongodb'
import { collections } from './collections.ts'
import { createReportIndexes } from './reporting/report-store.ts'

/** The indexes this service reads by. Safe to run again, and while older releases run. */
export async function createIndexes(db: Db): Promise<string[]> {
  const waits = { name: 'waits', key: { waits: 1 }, sparse: true } as const
  const links = { name: 'links-at', key: { links: 1, at: 1 } } as const
  const shownAt = { name: 'at', key: { at: 1 }, sparse: true } as const
  const led = { name: 'led-by', key: { 'attribution.session': 1 }, sparse: true } as const
  const wanted = [
    [collections.sessions, [waits, links]],
    [collections.orders, [waits, links, { name: 'order-id', key: { 'fact.entityId': 1 } }]],
    [collections.sessionsShown, [shownAt]],
    [collections.ordersShown, [shownAt, led]],
    [collections.products, [waits]],
    [
      collections.rows,
      [
        { name: 'merchant-rows', key: { merchantId: 1, type: 1, dimension: 1, hour: 1, _id: 1 } },
        { name: 'hour', key: { hour: 1 } },
      ],
    ],
    [
      collections.requests,
      [
        { name: 'asked-at', key: { askedAt: 1 } },
        { name: 'done-at', key: { doneAt: 1 }, expireAfterSeconds: 90 * 24 * 3_600 },
      ],
    ],
  ] as const
  const made: string[] = []
  for (const [collection, indexes] of wanted) {
    const names = await db.collection(collection).createIndexes(indexes.map((index) => ({ ...index })))
    made.push(...names.map((name) => `${collection}.${name}`))
  }
  return [...made, ...(await createReportIndexes(db))]
}
