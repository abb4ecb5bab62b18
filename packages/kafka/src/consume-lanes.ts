import type { Logger, Metrics } from '@varai/runtime'
import { type Lane as EventLane, type LaneService, laneTopic, replayTopic, retryTopic } from '@varai/schemas'
import type { Codec } from './codec.ts'
import type { KafkaConnection } from './connection.ts'
import { measureLanes } from './consumer-metrics.ts'
import type { DecodedRecord } from './decoded-record.ts'
import { createGate } from './gate.ts'
import { createLane, type Lane } from './lane.ts'
import type { Outcome } from './outcome.ts'
import { createProcessBatch } from './process-batch.ts'
import type { Publisher } from './publisher.ts'
import type { Backoff } from './pure/backoff.ts'
import type { BreakerSettings } from './pure/breaker.ts'

/** What one consumer group of a process reads. */
export type ConsumedLane = {
  /** Names the lane in logs and metrics, and its group `<service>.<name>`. */
  readonly name: string
  /** Names of the catalogue. */
  readonly topics: readonly string[]
  /** Another group than `<service>.<name>`. */
  readonly group?: string
  /** Most records of one batch, where it differs from the others'. */
  readonly maxRecords?: number
}

export type ConsumeOptions = {
  readonly kafka: KafkaConnection
  readonly codec: Codec
  /** Connected; takes the dead letters and retries. */
  readonly publisher: Publisher
  readonly log: Logger
  readonly metrics?: Metrics
  readonly service: string
  /** Highest first. */
  readonly lanes: readonly ConsumedLane[]
  /**
   * Gets whole batches, the records of one key in order, and gives one outcome for each, in the same order. Called for
   * one batch, or portion of one, at a time. May get a record again that it has handled before.
   */
  readonly handle: (batch: readonly DecodedRecord[]) => Promise<readonly Outcome[]>
  /** Needed for `retryLater`; adds the lane `retry` below all others. */
  readonly retry?: {
    /** Names the topic `varai.retry.<service>.<step>` of the catalogue. */
    readonly step: string
    /** In all; default 8. */
    readonly attempts?: number
    /** How long a record keeps those behind it waiting, at most; default 30,000 ms. */
    readonly holdMs?: number
  }
  /** Most records of one batch; default 5,000. */
  readonly maxRecords?: number
  /**
   * About so many records of a batch are decoded and handled at a time, each key's together; a whole batch unless told.
   * What is decoded takes many times the room of its bytes: that of thousands survives the collector's young generation,
   * that of hundreds is gone before.
   */
  readonly portion?: number
  /** Default: 100 rejections in a row, 60 s. */
  readonly breaker?: BreakerSettings
  /** Default: 250 ms, doubling up to 30 s. */
  readonly backoff?: Backoff
  /** Turns of higher lanes that a lane waits for at most (see Gate); default 8. */
  readonly patience?: number
  /** Default 10,000 ms. */
  readonly sessionTimeoutMs?: number
  /** Called once when a lane has ended for good: the process should end, a new one goes on from what is committed. */
  readonly onCrash: (error: Error) => void
}

export type Consumer = {
  /** Resolves when every lane has joined its group. */
  start(): Promise<void>
  /** Finishes and commits what is in hand, leaves the groups; in less than 8 s. What was not committed comes again. */
  stop(): Promise<void>
  /** Every lane is a member of its group. */
  readonly ready: boolean
  /** Records not committed yet, by lane, as of the last fetch of each partition. */
  lag(): Readonly<Record<string, number>>
}

const stopWithinMs = 7_500

/** The event lanes of a service, highest first. */
export const eventLanes = (lanes: readonly EventLane[]): ConsumedLane[] =>
  lanes.map((lane) => ({ name: lane, topics: [laneTopic(lane)] }))

/** What is replayed for one service; belongs below its live lanes. */
export const replayLane = (service: LaneService): ConsumedLane => ({ name: 'replay', topics: [replayTopic(service)] })

/** Reads lanes with one handler: high before low (Gate), each with a group of its own, so that it also scales alone. */
export function consumeLanes(options: ConsumeOptions): Consumer {
  const { kafka, codec, publisher, log, service, handle } = options
  const retry = options.retry && {
    topic: retryTopic(service, options.retry.step),
    attempts: options.retry.attempts ?? 8,
  }
  const holdMs = options.retry?.holdMs ?? 30_000
  const gate = createGate(options.patience === undefined ? {} : { patience: options.patience })
  const observed = measureLanes(options.metrics)
  let crashed = false

  const specs: readonly ConsumedLane[] = [
    ...options.lanes,
    ...(retry === undefined ? [] : [{ name: 'retry', topics: [retry.topic] }]),
  ]
  const lanes = specs.map((spec, rank): Lane => {
    const processor = createProcessBatch({
      codec,
      publisher,
      log,
      service,
      handle,
      ...(options.portion === undefined ? {} : { portion: options.portion }),
      breaker: options.breaker ?? { rejections: 100, coolDownMs: 60_000 },
      ...(retry === undefined ? {} : { retry }),
      onBreaker: (change) => observed.breaker(spec.name, change),
    })
    return createLane(
      kafka,
      {
        group: spec.group ?? `${service}.${spec.name}`,
        topics: spec.topics,
        sessionTimeoutMs: options.sessionTimeoutMs ?? 10_000,
      },
      {
        lane: spec.name,
        log,
        process: processor.process,
        stoppedUntil: processor.stoppedUntil,
        turn: (work, leaving) => gate.turn(rank, work, leaving),
        expect: (soon) => gate.expect(rank, soon),
        maxRecords: spec.maxRecords ?? options.maxRecords ?? 5_000,
        backoff: options.backoff ?? { firstMs: 250, capMs: 30_000 },
        ...(spec.topics.some((topic) => topic === retry?.topic) ? { holdMs } : {}),
        onHandled: (batch) => observed.handled(spec.name, batch),
        onLag: (topic, partition, records) => observed.lag(spec.name, topic, partition, records),
        onAssigned: (partitions) => observed.assigned(spec.name, partitions),
      },
      (error) => {
        if (crashed) return
        crashed = true
        options.onCrash(error)
      },
    )
  })

  return {
    async start() {
      await Promise.all(lanes.map((lane) => lane.start()))
    },
    async stop() {
      await Promise.all(lanes.map((lane) => lane.stop(stopWithinMs)))
    },
    get ready() {
      return lanes.every((lane) => lane.joined)
    },
    lag: () => observed.lagByLane(),
  }
}
