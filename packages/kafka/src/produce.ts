import type { Message, Producer, TopicMessages } from 'kafkajs'
import type { KafkaConnection } from './connection.ts'
import { NotAcknowledged } from './errors.ts'
import { partitionOfKey } from './pure/murmur2.ts'

/** One produce call at a time. */
export type Produce = {
  connect(): Promise<void>
  /** Resolves when every in-sync replica has every record; rejects when that is not known of every one of them. */
  send(batch: readonly TopicMessages[]): Promise<void>
  close(): Promise<void>
}

/** About 12 s of a broker that restarts; then the callers hear of it. */
const retry = { initialRetryTime: 100, maxRetryTime: 2_000, retries: 10 }
const closeWithinMs = 2_000

type Open = { readonly producer: Producer; readonly partitionOf: WeakMap<Message, number> }

/**
 * The idempotent producer of a process, without three traps of kafkajs:
 * - After a failed call its sequence numbers fall behind what the broker has. The next batch of the same length would
 *   then be taken for a repetition and acknowledged without being written. So a producer that failed is thrown away,
 *   and with it its producer id.
 * - It tells brokers that have answered a call apart by broker, not by partition: a partition whose leader moved
 *   between two retries is left out, and the call resolves. So the answer is checked for every partition.
 * - Its sequence numbers need one call at a time to keep the order of a key across retries; the publisher sees to it.
 */
export function createProduce(kafka: KafkaConnection): Produce {
  let open: Open | undefined

  async function connect(): Promise<Open> {
    if (open !== undefined) return open
    const partitionOf = new WeakMap<Message, number>()
    const producer = kafka.client.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      retry,
      createPartitioner: () => {
        let turn = 0
        return ({ message, partitionMetadata }) => {
          // A retry asks again; a record without a key must then stay where it was put.
          const partition =
            partitionOf.get(message) ??
            (message.key === null || message.key === undefined
              ? turn++ % partitionMetadata.length
              : partitionOfKey(bytesOf(message.key), partitionMetadata.length))
          partitionOf.set(message, partition)
          return partition
        }
      },
    })
    try {
      await producer.connect()
    } catch (error) {
      void dispose(producer)
      throw error
    }
    open = { producer, partitionOf }
    return open
  }

  async function dispose(producer: Producer): Promise<void> {
    // Its connections may hang with the broker that it failed on.
    await Promise.race([
      producer.disconnect().catch((error: unknown) => kafka.log.debug({ err: error }, 'kafka.producer-disconnect')),
      new Promise((resolve) => setTimeout(resolve, closeWithinMs).unref()),
    ])
  }

  return {
    async connect() {
      await connect()
    },
    async send(batch) {
      const { producer, partitionOf } = await connect()
      try {
        const answers = await producer.sendBatch({ acks: -1, topicMessages: [...batch] })
        const written = new Set(
          answers
            .filter((answer) => answer.errorCode === 0)
            .map(({ topicName, partition }) => `${topicName}|${partition}`),
        )
        for (const { topic, messages } of batch) {
          const lost = messages.find((message) => !written.has(`${topic}|${partitionOf.get(message)}`))
          if (lost !== undefined) throw new NotAcknowledged(`${topic}: a partition was left out of the answer`)
        }
      } catch (error) {
        open = undefined
        void dispose(producer)
        throw error
      }
    },
    async close() {
      const last = open
      open = undefined
      if (last !== undefined) await dispose(last.producer)
    },
  }
}

const bytesOf = (key: string | Buffer): Buffer => (typeof key === 'string' ? Buffer.from(key) : key)
