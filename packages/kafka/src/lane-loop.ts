import type { Logger } from '@varai/runtime'
import type { EachBatchPayload } from 'kafkajs'
import type { Counts, Slice, SliceResult } from './process-batch.ts'
import { type Backoff, backoffMs } from './pure/backoff.ts'
import { takeAt, takeable } from './pure/retry-plan.ts'
import { retryTimesOf } from './put-back.ts'

/** What the loop needs of a partition's batch as kafkajs hands it over. */
export type FetchedBatch = Pick<
  EachBatchPayload,
  'batch' | 'resolveOffset' | 'commitOffsetsIfNecessary' | 'heartbeat' | 'isRunning' | 'isStale'
>

export type LaneLoopPorts = {
  readonly lane: string
  readonly log: Logger
  /** The catalogue's name of a topic on the cluster. */
  readonly topicOf: (onCluster: string) => string
  readonly process: (
    slices: readonly Slice[],
  ) => Promise<{ readonly results: readonly SliceResult[]; readonly counts: Counts }>
  /** Until when a partition must not be read (epoch ms), because its breaker is open. */
  readonly stoppedUntil: (topic: string, partition: number) => number | undefined
  /** Runs `work` at the lane's turn; resolves to undefined where it left before. */
  readonly turn: <T>(work: () => Promise<T>, leaving: AbortSignal) => Promise<T | undefined>
  /** Says whether the lane will soon ask for a turn again, so that lower ones wait for it. */
  readonly expect: (soon: boolean) => void
  /** Stops fetching a partition for so many ms. Names are those on the cluster. */
  readonly pause: (onCluster: string, partition: number, ms: number) => void
  /** Most records of one call of `process`. */
  readonly maxRecords: number
  readonly backoff: Backoff
  /** For a retry lane: how long a record holds its place (retry-plan.ts). */
  readonly holdMs?: number
  readonly onHandled?: (batch: HandledBatch) => void
  /** Told how many records of a partition are not committed yet. */
  readonly onLag?: (topic: string, partition: number, records: number) => void
  /** Told the partitions of this process, as `topic|partition`, whenever they may have changed. */
  readonly onAssigned?: (partitions: ReadonlySet<string>) => void
  readonly now?: () => number
  readonly random?: () => number
}

export type HandledBatch = {
  readonly records: number
  readonly tookMs: number
  readonly counts?: Counts
  readonly error?: unknown
}

/** One partition's fetched records, and how far they are handled. */
type Entry = {
  readonly fetched: FetchedBatch
  readonly topic: string
  readonly partition: number
  readonly key: string
  next: number
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}
type Part = { readonly entry: Entry; readonly count: number }

/** A partition whose last batch failed: it is handled alone, so that it holds up no other, and in smaller steps. */
type Trouble = { failures: number; maxRecords: number; waitUntil: number }

const beatEveryMs = 1_000

/**
 * Between kafkajs, which calls eachBatch once for every partition of a fetch, and the handler, which wants large
 * batches: what came in together is handled together, then committed, and only then forgotten. Heartbeats go on all the
 * while. A failure commits nothing; the partitions concerned pause and their records are fetched again.
 */
export function createLaneLoop(ports: LaneLoopPorts) {
  const { log, lane, now = Date.now, random = Math.random } = ports
  const troubles = new Map<string, Trouble>()
  /** Records of each partition that are not committed, as of its last fetch. */
  const behind = new Map<string, number>()
  let entries: Entry[] = []
  let running = false
  let stopping = false
  /** What ended our membership or connection; kafkajs is told, and joins again. */
  let broken: { readonly error: unknown } | undefined
  /** Takes back the wish for a turn. */
  let leave = new AbortController()

  function wait(entry: Pick<Entry, 'fetched' | 'partition'>, until: number): void {
    ports.pause(entry.fetched.batch.topic, entry.partition, Math.max(1, until - now()))
  }

  /**
   * Whoever waits for a turn is told at once, and not when its turn comes: busy lanes above may take longer than a group
   * waits for its members, and until all of them have joined again none of them is served.
   */
  function breakOff(error: unknown): void {
    broken = { error }
    leave.abort()
  }

  function finish(entry: Entry): void {
    entries = entries.filter((other) => other !== entry)
    entry.resolve()
  }

  /** Lets go of everything that is handled, or is no longer ours to handle. */
  function letGo(): void {
    if (broken !== undefined) {
      for (const entry of entries) entry.reject(broken.error)
      entries = []
      broken = undefined
      leave = new AbortController()
    }
    for (const entry of entries) {
      const { batch, isRunning, isStale } = entry.fetched
      if (stopping || entry.next >= batch.messages.length || !isRunning() || isStale()) finish(entry)
    }
  }

  /** The records of the next call: many partitions together, or one in trouble alone. */
  function choose(): Part[] {
    const parts: Part[] = []
    let room = ports.maxRecords
    for (const entry of entries) {
      const trouble = troubles.get(entry.key)
      if (room === 0 || (trouble !== undefined && parts.length > 0)) continue
      const count = Math.min(room, trouble?.maxRecords ?? room, takeableOf(entry))
      if (count === 0) continue
      parts.push({ entry, count })
      room -= count
      if (trouble !== undefined) break
    }
    return parts
  }

  /** How many of an entry's records may come now. At the head of a retry partition may lie one whose time has not come. */
  function takeableOf(entry: Entry): number {
    const rest = entry.fetched.batch.messages.slice(entry.next, entry.next + ports.maxRecords)
    if (ports.holdMs === undefined) return rest.length
    const times = rest.map(retryTimesOf)
    const count = takeable(times, ports.holdMs, now())
    const [head] = times
    if (count === 0 && head !== undefined) {
      wait(entry, takeAt(head, ports.holdMs))
      finish(entry)
    }
    return count
  }

  async function handle(parts: readonly Part[]): Promise<void> {
    const begun = performance.now()
    const records = parts.reduce((sum, part) => sum + part.count, 0)
    const slices = parts.map(({ entry, count }): Slice => {
      const { topic, partition, next, fetched } = entry
      return { topic, partition, messages: fetched.batch.messages.slice(next, next + count) }
    })
    try {
      const processed = await ports.turn(async () => {
        if (stopping) return undefined
        const outcome = await ports.process(slices)
        // Whether there is more shows after the commit; until then no lower lane must slip in.
        ports.expect(true)
        return outcome
      }, leave.signal)
      if (processed === undefined) return
      await commit(parts, processed.results)
      const tookMs = performance.now() - begun
      log.info(
        { lane, partitions: parts.length, records, tookMs: Math.round(tookMs), ...processed.counts },
        'kafka.batch',
      )
      ports.onHandled?.({ records, tookMs, counts: processed.counts })
    } catch (error) {
      for (const part of parts) fail(part, parts.length === 1, error)
      ports.onHandled?.({ records, tookMs: performance.now() - begun, error })
    }
  }

  /** The visible last step: what is committed here never comes again. */
  async function commit(parts: readonly Part[], results: readonly SliceResult[]): Promise<void> {
    const committed: (Part & { readonly offset: string })[] = []
    for (const [index, part] of parts.entries()) {
      const result = results[index]
      if (result?.kind === 'commit') {
        committed.push({ ...part, offset: offsetAfter(part.entry, part.count) })
        continue
      }
      wait(part.entry, result?.until ?? now())
      finish(part.entry)
    }
    const [first] = committed
    if (first === undefined) return
    try {
      await first.entry.fetched.commitOffsetsIfNecessary({
        topics: committed.map(({ entry, offset }) => ({
          topic: entry.fetched.batch.topic,
          partitions: [{ partition: entry.partition, offset }],
        })),
      })
    } catch (error) {
      log.warn({ err: error, lane }, 'kafka.commit-failed')
      breakOff(error)
      return
    }
    for (const { entry, count, offset } of committed) {
      entry.fetched.resolveOffset(lastOffset(entry, count))
      entry.next += count
      tellLag(entry.fetched, entry.topic, entry.partition, offset)
      recover(entry.key)
    }
  }

  function tellLag({ batch }: FetchedBatch, topic: string, partition: number, next: string): void {
    const records = Math.max(0, Number(BigInt(batch.highWatermark) - BigInt(next)))
    behind.set(`${topic}|${partition}`, records)
    ports.onLag?.(topic, partition, records)
  }

  /** More lies in hand, or in a partition from which it can be fetched right away. */
  const hasMore = (): boolean => !stopping && [...behind].some(([key, records]) => records > 0 && !troubles.has(key))

  /** After a success larger steps are tried again, until the partition is as good as any other. */
  function recover(key: string): void {
    const trouble = troubles.get(key)
    if (trouble === undefined) return
    trouble.failures = 0
    trouble.maxRecords *= 2
    if (trouble.maxRecords >= ports.maxRecords) troubles.delete(key)
  }

  /** Smaller steps close in on a record that always fails: what lies before it gets done, and the log names it. */
  function fail({ entry, count }: Part, alone: boolean, error: unknown): void {
    const before = troubles.get(entry.key)
    const failures = (before?.failures ?? 0) + 1
    const waitUntil = now() + backoffMs(failures, ports.backoff, random())
    const maxRecords = alone ? Math.max(1, Math.floor(count / 2)) : (before?.maxRecords ?? ports.maxRecords / 2)
    troubles.set(entry.key, { failures, maxRecords, waitUntil })
    const { topic, partition, fetched } = entry
    const from = fetched.batch.messages[entry.next]?.offset
    const to = lastOffset(entry, count)
    log.error(
      { err: error, lane, topic, partition, from, to, failures, waitMs: waitUntil - now() },
      'kafka.batch-failed',
    )
    wait(entry, waitUntil)
    finish(entry)
  }

  async function run(): Promise<void> {
    const beating = setInterval(() => {
      entries[0]?.fetched.heartbeat().catch(breakOff)
    }, beatEveryMs)
    try {
      for (letGo(); entries.length > 0; letGo()) {
        const parts = choose()
        if (parts.length === 0) continue
        await handle(parts)
        ports.expect(hasMore())
      }
    } finally {
      clearInterval(beating)
      running = false
    }
  }

  return {
    /** kafkajs' eachBatch: resolves when the batch is handled and committed, or was left for later. */
    async eachBatch(fetched: FetchedBatch): Promise<void> {
      const { topic: onCluster, partition } = fetched.batch
      const topic = ports.topicOf(onCluster)
      const key = `${topic}|${partition}`
      const until = Math.max(troubles.get(key)?.waitUntil ?? 0, ports.stoppedUntil(topic, partition) ?? 0)
      if (stopping) return
      tellLag(fetched, topic, partition, fetched.batch.firstOffset() ?? fetched.batch.highWatermark)
      if (until > now()) return wait({ fetched, partition }, until)
      await new Promise<void>((resolve, reject) => {
        entries.push({ fetched, topic, partition, key, next: 0, resolve, reject })
        if (running) return
        running = true
        // kafkajs calls for all partitions of a fetch within this turn.
        queueMicrotask(() => void run())
      })
    },
    /** Handles what is in hand and takes nothing more. */
    stop(): void {
      stopping = true
      leave.abort()
    },
    /** Forgets the troubles of partitions that went to another process. Names are those on the cluster. */
    assigned(partitions: Readonly<Record<string, readonly number[]>>): void {
      const ours = new Set(
        Object.entries(partitions).flatMap(([topic, ids]) => ids.map((id) => `${ports.topicOf(topic)}|${id}`)),
      )
      for (const map of [troubles, behind]) for (const key of map.keys()) if (!ours.has(key)) map.delete(key)
      ports.onAssigned?.(ours)
    },
    get busy(): boolean {
      return running
    },
  }
}

const lastOffset = ({ fetched, next }: Entry, count: number): string =>
  fetched.batch.messages[next + count - 1]?.offset ?? fetched.batch.lastOffset()

/** At the end of a batch also past what kafkajs filtered out (markers of transactions), else that is read for ever. */
function offsetAfter(entry: Entry, count: number): string {
  const { batch } = entry.fetched
  const last = entry.next + count >= batch.messages.length ? batch.lastOffset() : lastOffset(entry, count)
  return (BigInt(last) + 1n).toString()
}
