import { type AnyBulkWriteOperation, type Db, MongoBulkWriteError } from 'mongodb'
import { payloadOf } from './payload.ts'
import { collections, type KeptCohort, type KeptRow, type TrainingRow, type Withdrawal } from './stored.ts'

/** What to do with a row that was kept: it goes, or says something else. */
export type Change = {
  readonly held: KeptRow
  readonly next: KeptRow | undefined
  /** The choice or the request that takes away what was allowed before; undefined where it only changed. */
  readonly cause: string | undefined
}

const duplicateKey = 11_000

export type RowStore = ReturnType<typeof createRowStore>

/**
 * Training rows, from where they wait to where others read them. Every step may be killed and done again: what is
 * published is taken back before the row that stands for it goes, and listed before that.
 */
export function createRowStore(
  db: Db,
  /** Takes what was published out of the queue again. */
  unqueue: (payloads: readonly string[]) => Promise<void>,
  k: number,
) {
  const rows = db.collection<KeptRow>(collections.rows)
  const published = db.collection<TrainingRow>(collections.trainingData)
  const cohorts = db.collection<KeptCohort>(collections.cohorts)
  const withdrawals = db.collection<Withdrawal>(collections.withdrawals)

  async function unpublish(filter: object): Promise<void> {
    const taken = await published.find(filter).toArray()
    if (taken.length === 0) return
    // In this order: while Redis is away nothing is forgotten that may still lie there.
    await unqueue(taken.map(payloadOf))
    await published.deleteMany({ $and: [filter, { _id: { $in: taken.map(({ _id }) => _id) } }] })
  }

  const staying = (cohort: string) => ({ cohort, retiring: { $exists: false } })

  /** Looks whether a cohort still protects its people; else its rows wait for others again. */
  async function settle(cohort: string): Promise<boolean> {
    const members = await rows.find(staying(cohort), { projection: { _id: 1 } }).toArray()
    const ids = members.map(({ _id }) => _id)
    if (ids.length >= k) {
      await unpublish({ cohort, _id: { $nin: ids } })
      await cohorts.updateOne({ _id: cohort }, { $set: { check: false } })
      return true
    }
    await unpublish({ cohort })
    await rows.updateMany({ cohort }, { $set: { state: 'waiting', cohort: null } })
    // Somebody may be about to publish it, and die then: it is remembered for as long as that can take.
    await cohorts.updateOne(
      { _id: cohort, state: { $ne: 'dissolved' } },
      { $set: { state: 'dissolved', dissolvedAt: new Date(), check: false } },
    )
    return false
  }

  /** Shows rows, except those that another cohort shows: it may know more than this one. */
  async function show(shown: readonly TrainingRow[]): Promise<void> {
    const writes = shown.map(({ _id, ...row }) => ({
      updateOne: { filter: { _id, cohort: row.cohort }, update: { $set: row }, upsert: true },
    }))
    try {
      await published.bulkWrite(writes, { ordered: false })
    } catch (error) {
      const shownElsewhere = error instanceof MongoBulkWriteError && error.code === duplicateKey
      if (!shownElsewhere) throw error
    }
  }

  /** Takes back what is shown of rows that leave: the whole cohort at once where too few would be left of it. */
  async function unpublishLeaving(ids: readonly string[], left: readonly string[]): Promise<void> {
    const few: string[] = []
    for (const cohort of left) if ((await rows.countDocuments(staying(cohort))) < k) few.push(cohort)
    if (few.length > 0) await unpublish({ cohort: { $in: few } })
    await unpublish({ _id: { $in: [...ids] } })
  }

  /** Writes down what leaves for a reason, where others may have it. */
  async function list(changes: readonly Change[]): Promise<void> {
    const writes = changes.flatMap(({ held, cause }): AnyBulkWriteOperation<Withdrawal>[] => {
      const { _id: row, dataType, level: consentLevel, state, exports, pseudonyms } = held
      if (cause === undefined || (state !== 'released' && exports.length === 0)) return []
      const update = {
        $setOnInsert: { at: new Date() },
        $addToSet: { rows: { row, dataType, consentLevel, exports: [...exports], pseudonyms: [...pseudonyms] } },
      }
      return [{ updateOne: { filter: { _id: cause }, update, upsert: true } }]
    })
    if (writes.length > 0) await withdrawals.bulkWrite(writes, { ordered: true })
  }

  /** The rows as they are once nobody can take them into a cohort or an export any more. */
  async function retire(changes: readonly Change[]): Promise<Change[]> {
    const ids = changes.map(({ held }) => held._id)
    await rows.updateMany({ _id: { $in: ids } }, { $set: { retiring: true } })
    const now = new Map((await rows.find({ _id: { $in: ids } }).toArray()).map((row) => [row._id, row]))
    return changes.map((change) => ({ ...change, held: now.get(change.held._id) ?? change.held }))
  }

  return {
    async of(entities: readonly string[]): Promise<KeptRow[]> {
      return rows.find({ entity: { $in: [...entities] } }).toArray()
    },

    /** Adds rows that nobody has seen yet. One that is there already stays as it is. */
    async add(fresh: readonly KeptRow[]): Promise<void> {
      if (fresh.length === 0) return
      await rows.bulkWrite(
        fresh.map(({ _id, ...row }) => ({
          updateOne: { filter: { _id }, update: { $setOnInsert: row }, upsert: true },
        })),
        { ordered: false },
      )
    },

    /** Takes back what was published of rows, lists it where somebody had a reason, and changes or removes them. */
    async change(wanted: readonly Change[]): Promise<void> {
      if (wanted.length === 0) return
      // What was decided on may have been released since.
      const changes = await retire(wanted)
      await list(changes)
      const left = [...new Set(changes.flatMap(({ held }) => held.cohort ?? []))]
      if (left.length > 0) await cohorts.updateMany({ _id: { $in: left } }, { $set: { check: true } })
      await unpublishLeaving(
        changes.map(({ held }) => held._id),
        left,
      )
      await rows.bulkWrite(
        changes.map(({ held, next }): AnyBulkWriteOperation<KeptRow> => {
          if (next === undefined) return { deleteOne: { filter: { _id: held._id } } }
          const { _id, exports: _, pseudonyms: __, ...row } = next
          return { updateOne: { filter: { _id }, update: { $set: row, $unset: { retiring: 1 } } } }
        }),
        { ordered: false },
      )
      for (const cohort of left) await settle(cohort)
    },

    /** Groups in which rows wait that have not changed since `before`, with how many. */
    async groups(before: Date): Promise<string[]> {
      const found = await rows
        .aggregate<{ _id: string; rows: number }>([
          { $match: { state: 'waiting', changedAt: { $lte: before } } },
          { $group: { _id: '$group', rows: { $sum: 1 } } },
          { $match: { rows: { $gte: k } } },
        ])
        .toArray()
      return found.map(({ _id }) => _id)
    },

    async waiting(group: string, before: Date, limit: number): Promise<KeptRow[]> {
      return rows
        .find({ state: 'waiting', group, changedAt: { $lte: before } })
        .limit(limit)
        .toArray()
    },

    /** Puts rows that wait into a cohort. They are published by `publish` alone, and only if all of them came along. */
    async form(
      cohort: KeptCohort,
      members: readonly { readonly id: string; readonly changedAt: Date }[],
    ): Promise<void> {
      await cohorts.insertOne(cohort)
      await rows.bulkWrite(
        members.map(({ id: _id, changedAt }) => ({
          updateOne: {
            filter: { _id, state: 'waiting', changedAt, retiring: { $exists: false } },
            update: { $set: { state: 'released', cohort: cohort._id } },
          },
        })),
        { ordered: false },
      )
    },

    /** Shows a cohort's rows to others, if they are enough. May be killed and repeated. */
    async publish(cohort: KeptCohort, rowFor: (row: KeptRow) => Promise<TrainingRow>): Promise<number> {
      const members = await rows.find(staying(cohort._id)).toArray()
      if (members.length >= k) {
        await show(await Promise.all(members.map(rowFor)))
      }
      // Who left meanwhile is taken back here; who leaves from now on sees what there is to take back.
      if (!(await settle(cohort._id))) return 0
      // Where one that was dissolved still shows some of these, it is taken back first, and this one comes again.
      if ((await published.countDocuments({ cohort: cohort._id })) < members.length) return 0
      const { modifiedCount } = await published.updateMany(
        { cohort: cohort._id, handOver: { $exists: false } },
        { $set: { handOver: { state: 'due' } } },
      )
      await cohorts.updateOne({ _id: cohort._id }, { $set: { state: 'formed' } })
      return modifiedCount
    },

    /** Cohorts of which somebody left something undone. */
    async unfinished(): Promise<KeptCohort[]> {
      const open = await cohorts
        .find({ $or: [{ state: { $in: ['forming', 'dissolved'] } }, { check: true }] })
        .toArray()
      // Of most that were dissolved nothing is left: two questions for all of them.
      const gone = open.filter(({ state }) => state === 'dissolved').map(({ _id }) => _id)
      if (gone.length === 0) return open
      const alive = new Set([
        ...(await published.distinct('cohort', { cohort: { $in: gone } })),
        ...(await rows.distinct('cohort', { cohort: { $in: gone } })),
      ])
      return open.filter(({ _id, state }) => state !== 'dissolved' || alive.has(_id))
    },
    /** Forgets those that were dissolved before a time, after they were looked at. */
    async forgetDissolved(before: Date): Promise<void> {
      await cohorts.deleteMany({ state: 'dissolved', dissolvedAt: { $lt: before } })
    },
    settle,

    async count(filter: Partial<Pick<KeptRow, 'state' | 'dataType'>>): Promise<number> {
      return rows.countDocuments(filter)
    },
  }
}

/** The indexes of all collections of training rows. Safe to run again. */
export async function indexRows(db: Db): Promise<string[]> {
  const made = [
    ...(await named(collections.rows, [
      { name: 'entity', key: { entity: 1 } },
      { name: 'waiting', key: { state: 1, group: 1, changedAt: 1 } },
      { name: 'oldest', key: { state: 1, changedAt: 1 } },
      { name: 'cohort', key: { cohort: 1 } },
      { name: 'exported', key: { dataType: 1, state: 1, week: 1, _id: 1 } },
    ])),
    ...(await named(collections.trainingData, [
      { name: 'cohort', key: { cohort: 1 } },
      { name: 'exported', key: { dataType: 1, timestamp: 1, _id: 1 } },
      { name: 'hand-over', key: { 'handOver.state': 1, _id: 1 } },
    ])),
    ...(await named(collections.cohorts, [{ name: 'unfinished', key: { state: 1, check: 1 } }])),
  ]
  return made

  async function named(collection: string, indexes: { name: string; key: Record<string, 1> }[]): Promise<string[]> {
    const names = await db.collection(collection).createIndexes(indexes)
    return names.map((name) => `${collection}.${name}`)
  }
}
