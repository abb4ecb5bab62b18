import { type Change, collections, type KeptRow, type TrainingQueue } from '@varai/ml-data'
import { type DataType, dataTypes } from '@varai/ml-data/pure'
import type { Gauge, Metrics } from '@varai/runtime'
import type { Db } from 'mongodb'

/** What became of rows, as it happens. */
export type CollectorMetrics = {
  made(rows: readonly Pick<KeptRow, 'dataType'>[]): void
  changed(changes: readonly Change[]): void
  released(rows: number, of: DataType): void
}

const states = ['waiting', 'released'] as const
/** Jobs under a lease, by how they are called in metrics. */
const jobs = { release: 'ml-release', expiry: 'ml-expire' } as const
/** Whoever scrapes often need not have all rows counted as often, ms. */
const countEveryMs = 30_000

/**
 * Counters of this process, and figures that are the same whichever process tells them. What a database or Redis does
 * not answer is left out of a scrape.
 */
export function createCollectorMetrics(
  metrics: Metrics,
  db: Db,
  queue: Pick<TrainingQueue, 'size'>,
  now: () => number = Date.now,
): CollectorMetrics {
  const became = metrics.counter({
    what: 'row_changes',
    help: 'Rows by what became of them: made, changed, gone, withdrawn (by a choice or an erasure), released',
    labels: ['type', 'change'],
  })
  const rows = db.collection<KeptRow>(collections.rows)
  const published = db.collection(collections.trainingData)
  const exported = db.collection<{ state: string; finishedAt?: Date }>(collections.exports)

  measure('rows', 'Rows by type: waiting are held back until k people say the same, released are shown', {
    labels: ['type', 'state'],
    read: async (gauge) => {
      for (const type of dataTypes)
        for (const state of states) gauge.set({ type, state }, await rows.countDocuments({ dataType: type, state }))
    },
  })
  measure('oldest_waiting', 'Since when the row waits that has been held back longest, as it is; 0 when none waits', {
    unit: 'timestamp_seconds',
    read: async (gauge) => {
      const oldest = await rows.find({ state: 'waiting' }).sort({ changedAt: 1 }).limit(1).next()
      gauge.set(seconds(oldest?.changedAt))
    },
  })
  measure('hand_over', 'Released rows by whether a worker has them: due wait for room in the queue', {
    labels: ['state'],
    read: async (gauge) => {
      for (const state of ['due', 'queued', 'done'])
        gauge.set({ state }, await published.countDocuments({ 'handOver.state': state }))
    },
  })
  measure('queue', 'Rows in the queue of Redis, those included that a worker has taken', {
    unit: 'rows',
    everyMs: 0,
    read: async (gauge) => gauge.set(await queue.size()),
  })
  measure('exports', 'Exports, by whether they are done', {
    labels: ['state'],
    read: async (gauge) => {
      for (const state of ['running', 'done']) gauge.set({ state }, await exported.countDocuments({ state }))
    },
  })
  measure('last_export', 'When the newest export was done; 0 before the first one', {
    unit: 'timestamp_seconds',
    read: async (gauge) => {
      const newest = await exported.find({ state: 'done' }).sort({ finishedAt: -1 }).limit(1).next()
      gauge.set(seconds(newest?.finishedAt))
    },
  })
  for (const [name, lease] of Object.entries(jobs)) {
    measure(`${name}_last_success`, `When the job ${lease} last came to its end; 0 before the first time`, {
      unit: 'timestamp_seconds',
      read: async (gauge) => {
        const job = await db
          .collection<{ _id: string; state?: { lastSuccessAt?: Date } }>('jobs')
          .findOne({ _id: lease })
        gauge.set(seconds(job?.state?.lastSuccessAt))
      },
    })
  }

  function measure<const L extends string = never>(
    what: string,
    help: string,
    of: {
      labels?: readonly L[]
      unit?: string
      everyMs?: number
      read: (gauge: Gauge<L>) => Promise<void> | void
    },
  ): void {
    const { read, everyMs = countEveryMs, ...more } = of
    let readAt = Number.NEGATIVE_INFINITY
    metrics.gauge<L>({
      ...{ what, help, ...more },
      collect: async (gauge) => {
        if (now() < readAt + everyMs) return
        readAt = now()
        try {
          await read(gauge)
        } catch {
          gauge.reset()
          if (of.labels === undefined) gauge.remove()
          readAt = Number.NEGATIVE_INFINITY
        }
      },
    })
  }

  return {
    made(fresh) {
      for (const { dataType: type } of fresh) became.inc({ type, change: 'made' })
    },
    changed(changes) {
      for (const { held, next, cause } of changes) {
        const gone = cause === undefined ? 'gone' : 'withdrawn'
        became.inc({ type: held.dataType, change: next === undefined ? gone : 'changed' })
      }
    },
    released: (count, type) => became.inc({ type, change: 'released' }, count),
  }
}

const seconds = (time: Date | undefined): number => (time?.getTime() ?? 0) / 1_000
