import type { Metrics } from '@varai/runtime'
import type { HandledBatch } from './lane-loop.ts'

/** What the lanes of a process did, for whoever asks: as metrics where there are any, and the lag in any case. */
export function measureLanes(metrics: Metrics | undefined) {
  const lags = new Map<string, Map<string, number>>()
  const open = new Map<string, Set<string>>()
  const counters = metrics && {
    records: metrics.counter({
      what: 'consumed_records',
      help: 'Records handled, by lane and what became of them',
      labels: ['lane', 'outcome'],
    }),
    failures: metrics.counter({
      what: 'failed_batches',
      help: 'Batches that were not handled and come again, by lane',
      labels: ['lane'],
    }),
    took: metrics.histogram({
      what: 'batch',
      unit: 'seconds',
      help: 'From a batch asking for its turn to its commit, by lane',
      labels: ['lane'],
    }),
    size: metrics.histogram({
      what: 'batch',
      unit: 'records',
      help: 'Records of a batch, by lane',
      labels: ['lane'],
      buckets: [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000],
    }),
  }
  const lagGauge = metrics?.gauge({
    what: 'consumer_lag',
    unit: 'records',
    help: 'Records not committed yet, by lane, as of the last fetch',
    labels: ['lane'],
  })
  const openGauge = metrics?.gauge({
    what: 'breakers_open',
    help: 'Partitions that stand still because nothing but rejections came from them, by lane',
    labels: ['lane'],
  })

  const lagsOf = (lane: string) => of(lags, lane, () => new Map<string, number>())
  const openOf = (lane: string) => of(open, lane, () => new Set<string>())
  const lagOf = (lane: string) => [...lagsOf(lane).values()].reduce((sum, lag) => sum + lag, 0)

  return {
    handled(lane: string, { records, tookMs, counts, error }: HandledBatch): void {
      if (error !== undefined) counters?.failures.inc({ lane })
      counters?.took.observe({ lane }, tookMs / 1_000)
      counters?.size.observe({ lane }, records)
      for (const [outcome, count] of Object.entries(counts ?? {})) counters?.records.inc({ lane, outcome }, count)
    },
    lag(lane: string, topic: string, partition: number, records: number): void {
      lagsOf(lane).set(`${topic}|${partition}`, records)
      lagGauge?.set({ lane }, lagOf(lane))
    },
    /** Partitions (`topic|partition`) that went to another process no longer count here. */
    assigned(lane: string, partitions: ReadonlySet<string>): void {
      for (const partition of lagsOf(lane).keys()) if (!partitions.has(partition)) lagsOf(lane).delete(partition)
      for (const partition of openOf(lane)) if (!partitions.has(partition)) openOf(lane).delete(partition)
      lagGauge?.set({ lane }, lagOf(lane))
      openGauge?.set({ lane }, openOf(lane).size)
    },
    breaker(lane: string, change: { readonly partition: string; readonly open: boolean }): void {
      if (change.open) openOf(lane).add(change.partition)
      else openOf(lane).delete(change.partition)
      openGauge?.set({ lane }, openOf(lane).size)
    },
    lagByLane: (): Record<string, number> => Object.fromEntries([...lags.keys()].map((lane) => [lane, lagOf(lane)])),
  }
}

function of<V>(map: Map<string, V>, key: string, create: () => V): V {
  const held = map.get(key) ?? create()
  map.set(key, held)
  return held
}
