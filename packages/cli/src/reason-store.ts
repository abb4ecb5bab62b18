import type { Db } from 'mongodb'

/** What a document does not say itself: by which address its accounts are found, and who decided for what reason. */
export async function findReasons(
  db: Db,
  wanted: {
    readonly accounts: readonly string[]
    readonly decisions: readonly string[]
    readonly verdicts: readonly string[]
  },
) {
  const said = (collection: string, ids: readonly string[]) =>
    db
      .collection<{ _id: string; by: string; why: string; at: Date }>(collection)
      .find({ _id: { $in: [...ids] } })
      .toArray()
  const [customers, decided, verdicts] = await Promise.all([
    db
      .collection<{ _id: string; emailKey?: string }>('customers')
      .find({ _id: { $in: [...wanted.accounts] } }, { projection: { emailKey: 1 } })
      .toArray(),
    said('decisions', wanted.decisions),
    said('verdicts', wanted.verdicts),
  ])
  return {
    addresses: new Map(customers.map(({ _id, emailKey }) => [_id, emailKey?.split('|').slice(1).join('|')])),
    decisions: new Map(
      [...decided, ...verdicts].map(({ _id, by, why, at }) => [_id, { by, why, at: at.toISOString() }]),
    ),
  }
}
