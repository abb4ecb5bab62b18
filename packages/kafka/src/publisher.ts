import type { Logger, Metrics } from '@varai/runtime'
import { type Draft, type RecordName, type RecordOf, recordNames, topicCatalogue } from '@varai/schemas'
import type { TopicMessages } from 'kafkajs'
import { createBatcher } from './batcher.ts'
import type { Codec } from './codec.ts'
import type { KafkaConnection } from './connection.ts'
import { PublisherClosed, TooLarge } from './errors.ts'
import type { Headers, RawHeaders } from './headers.ts'
import { createProduce, type Produce } from './produce.ts'
import { recordSize } from './pure/record-size.ts'

export type PublishedRecord<N extends RecordName> = {
  /** The catalogue's name, without prefix. */
  readonly topic: string
  readonly key: string
  readonly record: N
  readonly value: Draft<RecordOf<N>>
  readonly headers?: Headers
}

export type RawRecord = {
  readonly topic: string
  readonly key: string | Buffer | null
  readonly bytes: Buffer | null
  readonly headers?: RawHeaders
}

/** The one way of a process into Kafka. Records of one key arrive in the order in which they were published. */
export type Publisher = {
  /** Connects and registers the schemas of these records (all unless told), so that publishing never waits for them. */
  connect(names?: readonly RecordName[]): Promise<void>
  /**
   * Resolves when all in-sync replicas have the record. Rejects with Unencodable or TooLarge (this record can never be
   * published; others are not affected; TooLarge has it encoded), QueueFull (at once), NotAcknowledged, PublisherClosed.
   */
  publish<N extends RecordName>(record: PublishedRecord<N>): Promise<void>
  /** As publish, for bytes that are already what they should be. */
  publishRaw(record: RawRecord): Promise<void>
  /** Resolves when everything published so far was acknowledged or failed. */
  flush(): Promise<void>
  /** Takes nothing more, waits for what is under way (6 s at most), disconnects. */
  close(): Promise<void>
  /** Records that wait for their acknowledgement. */
  readonly depth: number
  readonly queuedBytes: number
}

export type PublisherOptions = {
  readonly kafka: KafkaConnection
  readonly codec: Codec
  readonly log: Logger
  readonly metrics?: Metrics
  /** Records that may wait at once. Default 20,000. */
  readonly maxQueued?: number
  /** Bytes that may wait at once. Default 64 MiB. */
  readonly maxQueuedBytes?: number
  /** Largest event. Default 1,000,000: below Kafka's 1 MiB, so that it also fits the dead letters with their headers. */
  readonly maxRecordBytes?: number
  /** How long a caller waits at most for its acknowledgement. Default 30,000 ms. */
  readonly ackWithinMs?: number
  /** For tests. */
  readonly produce?: Produce
}

/** Kafka's limit on a batch of one partition, for topics whose settings say nothing else. */
const defaultBatchLimit = 1_048_588
const batchHeader = 128
const maxBatch = 10_000
const closeWithinMs = 6_000

/** The largest record that a topic takes. A topic that nobody created would hold up every other one: kafkajs waits for it. */
function limitOf(topic: string): number {
  const definition = topicCatalogue.find(({ name }) => name === topic)
  if (definition === undefined) throw new Error(`not a topic of the catalogue: ${topic}`)
  const set = definition.config['max.message.bytes']
  return (set === undefined ? defaultBatchLimit : Number(set)) - batchHeader
}

export function createPublisher(options: PublisherOptions): Publisher {
  const { kafka, codec, log, produce = createProduce(kafka), maxRecordBytes = 1_000_000 } = options
  let state: 'new' | 'open' | 'closed' = 'new'

  const observe = options.metrics && measure(options.metrics, () => batcher)
  const batcher = createBatcher({
    send: (batch: readonly TopicMessages[]) => produce.send(batch),
    limits: {
      maxQueued: options.maxQueued ?? 20_000,
      maxQueuedBytes: options.maxQueuedBytes ?? 64 * 1024 * 1024,
      maxBatch,
      maxBatchBytes: 1_000_000,
      ackWithinMs: options.ackWithinMs ?? 30_000,
    },
    onSent(call) {
      observe?.(call)
      if (call.error !== undefined) log.warn({ err: call.error, records: call.records }, 'kafka.produce-failed')
    },
  })

  function requireOpen(): void {
    if (state !== 'open') throw new PublisherClosed(state === 'new' ? 'not connected yet' : 'closed')
  }

  function add(topic: string, key: Buffer | null, value: Buffer | null, headers: RawHeaders, most: number) {
    const limit = Math.min(limitOf(topic), most)
    const size = recordSize({ key, value, headers })
    if (size > limit) throw new TooLarge(size, limit, value ?? undefined)
    return batcher.add({ topic: kafka.named(topic), size, message: { key, value, headers: { ...headers } } })
  }

  return {
    async connect(names = recordNames) {
      await Promise.all([produce.connect(), codec.prepare(names)])
      if (state === 'closed') await produce.close()
      else state = 'open'
    },
    async publish({ topic, key, record, value, headers = {} }) {
      requireOpen()
      await add(topic, Buffer.from(key), codec.encodeSync(record, value), headers, maxRecordBytes)
    },
    async publishRaw({ topic, key, bytes, headers = {} }) {
      requireOpen()
      await add(topic, typeof key === 'string' ? Buffer.from(key) : key, bytes, headers, Number.POSITIVE_INFINITY)
    },
    flush: () => batcher.flush(),
    async close() {
      if (state === 'closed') return
      state = 'closed'
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), closeWithinMs)
      })
      if ((await Promise.race([batcher.flush(), late])) === 'late') {
        log.warn({ records: batcher.depth }, 'kafka.publisher-closed-with-records-left')
      }
      clearTimeout(timer)
      batcher.abandon()
      await produce.close()
    },
    get depth() {
      return batcher.depth
    },
    get queuedBytes() {
      return batcher.queuedBytes
    },
  }
}

function measure(metrics: Metrics, queue: () => { readonly depth: number; readonly queuedBytes: number }) {
  const records = metrics.counter({
    what: 'published_records',
    help: 'Records given to Kafka, by whether it acknowledged them',
    labels: ['result'],
  })
  const took = metrics.histogram({ what: 'produce', unit: 'seconds', help: 'Duration of produce calls' })
  metrics.gauge({
    what: 'publish_queue',
    unit: 'records',
    help: 'Records that wait for their acknowledgement',
    collect: (gauge) => gauge.set(queue().depth),
  })
  return (call: { readonly records: number; readonly tookMs: number; readonly error?: unknown }) => {
    records.inc({ result: call.error === undefined ? 'acknowledged' : 'failed' }, call.records)
    took.observe(call.tookMs / 1_000)
  }
}
