import { randomUUID } from 'node:crypto'
import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs'
import { type KafkaConnection, withAdmin } from './connection.ts'
import { offsetsOf } from './topics.ts'

export type ReadOptions = {
  readonly kafka: KafkaConnection
  /** Names of the catalogue. */
  readonly topics: readonly string[]
  /** The oldest record, only what is written from now on, or the first one written at or after an epoch ms. */
  readonly from: 'earliest' | 'now' | { readonly at: number }
  /** Ends after the records that are there now; otherwise it goes on until it is broken off. */
  readonly untilEnd?: boolean
  readonly signal?: AbortSignal
}

export type ReadRecord = { readonly topic: string; readonly partition: number; readonly message: KafkaMessage }

/** What is still in the hands of the reader; kafkajs waits for it with the next fetch. */
type Fetched = { readonly payload: EachBatchPayload; readonly taken: () => void }

/**
 * Reads topics from one end to the other, whoever else reads them: through a group of its own that commits nothing and
 * is deleted afterwards. Records of one partition come in order. From 'now' means from the first `next()`.
 */
export async function* readTopics(options: ReadOptions): AsyncGenerator<ReadRecord> {
  const { kafka, signal } = options
  const next = new Map<string, bigint>()
  const ends = new Map<string, bigint>()
  for (const { partition, from, end } of await boundsOf(options)) {
    next.set(partition, from)
    if (options.untilEnd === true && from < end) ends.set(partition, end)
  }
  if (options.untilEnd === true && ends.size === 0) return

  const groupId = kafka.named(`varai-reader-${randomUUID()}`)
  const consumer = kafka.client.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 250 })
  const queue: Fetched[] = []
  let wake = () => {}
  let failure: Error | undefined
  const onAbort = () => wake()
  signal?.addEventListener('abort', onAbort)

  consumer.on(consumer.events.GROUP_JOIN, () => {
    // Nothing is committed, so after every join (also one after a broker's restart) we say where to go on.
    for (const [key, offset] of next) {
      const { topic, partition } = ofKey(key)
      consumer.seek({ topic, partition, offset: offset.toString() })
    }
  })
  consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
    if (restart) return
    failure = error
    wake()
  })

  try {
    await start(consumer, options, async (payload) => {
      await new Promise<void>((resolve) => {
        const beating = setInterval(() => void payload.heartbeat().catch(() => undefined), 1_000)
        const taken = () => {
          clearInterval(beating)
          resolve()
        }
        queue.push({ payload, taken })
        wake()
      })
    })
    while (signal?.aborted !== true) {
      const fetched = queue.shift()
      if (failure !== undefined) throw failure
      if (fetched === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
          if (queue.length > 0 || failure !== undefined || signal?.aborted === true) resolve()
        })
        continue
      }
      const { batch, resolveOffset, isStale } = fetched.payload
      const key = keyOf(batch.topic, batch.partition)
      try {
        for (const message of batch.messages) {
          if (isStale() || BigInt(message.offset) < (next.get(key) ?? 0n)) continue
          next.set(key, BigInt(message.offset) + 1n)
          yield { topic: kafka.unnamed(batch.topic) ?? batch.topic, partition: batch.partition, message }
        }
        if (!isStale()) resolveOffset(batch.lastOffset())
      } finally {
        fetched.taken()
      }
      const end = ends.get(key)
      if (end !== undefined && BigInt(batch.lastOffset()) + 1n >= end) ends.delete(key)
      if (options.untilEnd === true && ends.size === 0) return
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    for (const fetched of queue) fetched.taken()
    await consumer.disconnect()
    await withAdmin(kafka, (admin) => admin.deleteGroups([groupId])).catch((error: unknown) => {
      // Without offsets and members the brokers remove it by themselves after a while.
      kafka.log.debug({ err: error }, 'kafka.reader-group-left')
    })
  }
}

async function start(
  consumer: Consumer,
  { kafka, topics }: ReadOptions,
  eachBatch: (payload: EachBatchPayload) => Promise<void>,
): Promise<void> {
  await consumer.connect()
  await consumer.subscribe({ topics: topics.map((topic) => kafka.named(topic)), fromBeginning: true })
  await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: 256, eachBatch })
}

/** Where to begin and what is the end now, for each partition on the cluster. */
function boundsOf({ kafka, topics, from }: ReadOptions): Promise<{ partition: string; from: bigint; end: bigint }[]> {
  return withAdmin(kafka, async (admin) => {
    const bounds = await Promise.all(
      topics.map(async (topic) => {
        const onCluster = kafka.named(topic)
        const partitions = await offsetsOf(kafka, admin, topic)
        const byTime = typeof from === 'object' ? await admin.fetchTopicOffsetsByTimestamp(onCluster, from.at) : []
        return partitions.map(({ partition, earliest, latest }) => {
          const found = byTime.find((of) => of.partition === partition)?.offset
          const begin = from === 'earliest' ? earliest : from === 'now' || found === undefined ? latest : BigInt(found)
          return { partition: keyOf(onCluster, partition), from: begin, end: latest }
        })
      }),
    )
    return bounds.flat()
  })
}

const keyOf = (topic: string, partition: number): string => `${partition}|${topic}`

function ofKey(key: string): { topic: string; partition: number } {
  const at = key.indexOf('|')
  return { topic: key.slice(at + 1), partition: Number(key.slice(0, at)) }
}
