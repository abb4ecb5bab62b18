import { deadLetterTopic } from '@varai/schemas'
import type { KafkaMessage } from 'kafkajs'
import type { Codec, Decoded } from './codec.ts'
import type { Position } from './decoded-record.ts'
import { type Headers, deadLetterHeader as header, textHeaders } from './headers.ts'
import { type ReadOptions, readTopics } from './read-topics.ts'

export type TailedRecord = Position & {
  readonly key: string | null
  readonly headers: Headers
  /** Epoch ms. */
  readonly timestamp: number
  readonly bytes: Buffer | null
  readonly decoded: Decoded
}

/** Records of topics as they come, decoded. No group but its own is touched. Rejects when Kafka or the registry is away. */
export async function* tail(options: ReadOptions & { readonly codec: Codec }): AsyncGenerator<TailedRecord> {
  for await (const { topic, partition, message } of readTopics(options)) {
    yield {
      ...plain(topic, partition, message),
      bytes: message.value,
      decoded: await options.codec.decode(message.value),
    }
  }
}

export type DeadLetter = Position & {
  /** Who gave up on it, when, why, after how many attempts. */
  readonly service: string
  readonly reason: string
  readonly attempts: number
  /** Epoch ms; as `at`. */
  readonly firstFailedAt: number
  readonly at: number
  /** Where it lay; absent for what never became a record. */
  readonly origin?: Position
  readonly key: string | null
  /** The original bytes and headers. */
  readonly bytes: Buffer | null
  readonly headers: Headers
}

/** The dead letters, oldest first within each partition. Unless `untilEnd`, it goes on with those that come. */
export async function* readDeadLetters(
  options: Omit<ReadOptions, 'topics' | 'from'> & { readonly from?: ReadOptions['from'] },
): AsyncGenerator<DeadLetter> {
  const own = new Set<string>(Object.values(header))
  for await (const { topic, partition, message } of readTopics({
    from: 'earliest',
    ...options,
    topics: [deadLetterTopic],
  })) {
    const { headers, ...position } = plain(topic, partition, message)
    const at = Date.parse(headers[header.at] ?? '')
    const origin = headers[header.topic]
    yield {
      ...position,
      service: headers[header.service] ?? '',
      reason: headers[header.reason] ?? '',
      attempts: Number(headers[header.attempts] ?? 1),
      firstFailedAt: Date.parse(headers[header.firstFailedAt] ?? ''),
      at: Number.isNaN(at) ? position.timestamp : at,
      ...(origin === undefined
        ? {}
        : {
            origin: {
              topic: origin,
              partition: Number(headers[header.partition]),
              offset: headers[header.offset] ?? '',
            },
          }),
      bytes: message.value,
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !own.has(name))),
    }
  }
}

const plain = (topic: string, partition: number, message: KafkaMessage) => ({
  topic,
  partition,
  offset: message.offset,
  key: message.key === null ? null : message.key.toString(),
  headers: textHeaders(message.headers),
  timestamp: Number(message.timestamp),
})
