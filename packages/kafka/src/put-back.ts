import type { KafkaMessage } from 'kafkajs'
import type { Position } from './decoded-record.ts'
import { retryHeader as header, rawHeaders } from './headers.ts'
import type { Publisher } from './publisher.ts'
import type { RetryTimes } from './pure/retry-plan.ts'

/** What the headers of a record say about earlier attempts. */
export type Attempts = {
  /** 0 for a record that was not put back yet. */
  readonly made: number
  /** Epoch ms. */
  readonly firstFailedAt?: number
  /** Where it lay first. */
  readonly origin: Position
}

export function attemptsOf(message: KafkaMessage, position: Position): Attempts {
  const text = (name: string) => message.headers?.[name]?.toString()
  const made = Number(text(header.attempt) ?? 0)
  const firstFailedAt = Date.parse(text(header.firstFailedAt) ?? '')
  const topic = text(header.originTopic)
  const offset = text(header.originOffset)
  return {
    made: Number.isSafeInteger(made) && made > 0 ? made : 0,
    ...(Number.isNaN(firstFailedAt) ? {} : { firstFailedAt }),
    origin:
      topic === undefined || offset === undefined
        ? position
        : { topic, partition: Number(text(header.originPartition)), offset },
  }
}

/** When a record of a retry topic may be handled; at once where its headers say nothing that can be read. */
export function retryTimesOf(message: KafkaMessage): RetryTimes {
  const notBefore = Date.parse(message.headers?.[header.notBefore]?.toString() ?? '')
  return { notBefore: Number.isNaN(notBefore) ? 0 : notBefore, writtenAt: Number(message.timestamp) }
}

/** Writes a record that failed to the retry topic, its bytes, key and other headers as they are. */
export async function putBack(
  publisher: Publisher,
  to: string,
  message: KafkaMessage,
  attempts: Attempts,
  failure: { readonly reason: string; readonly at: number; readonly notBefore: number },
): Promise<void> {
  await publisher.publishRaw({
    topic: to,
    key: message.key,
    bytes: message.value,
    headers: {
      ...rawHeaders(message.headers),
      [header.attempt]: String(attempts.made + 1),
      [header.firstFailedAt]: new Date(attempts.firstFailedAt ?? failure.at).toISOString(),
      [header.notBefore]: new Date(failure.notBefore).toISOString(),
      [header.reason]: failure.reason.slice(0, 1_000),
      [header.originTopic]: attempts.origin.topic,
      [header.originPartition]: String(attempts.origin.partition),
      [header.originOffset]: attempts.origin.offset,
    },
  })
}

/** Writes a record whose time has not come to the end of its retry topic, so that those behind it get their turn. */
export async function moveToEnd(publisher: Publisher, topic: string, message: KafkaMessage): Promise<void> {
  await publisher.publishRaw({ topic, key: message.key, bytes: message.value, headers: rawHeaders(message.headers) })
}
