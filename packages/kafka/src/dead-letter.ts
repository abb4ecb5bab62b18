import { deadLetterTopic } from '@varai/schemas'
import type { Position } from './decoded-record.ts'
import { deadLetterHeader as header, type RawHeaders } from './headers.ts'
import type { Publisher } from './publisher.ts'

export type NewDeadLetter = {
  /** Who gave up on it. */
  readonly service: string
  /** Every reason it can never succeed: rules and field names, no values of a person. Cut after 4,000 characters. */
  readonly reason: string
  /** How often it was tried; 1 unless told. */
  readonly attempts?: number
  /** Key and bytes as they came: a record's own, or for a delivery that never became one, its sealed body and the store. */
  readonly key: string | Buffer | null
  readonly bytes: Buffer | null
  readonly headers?: RawHeaders
  /** Absent for what never was in Kafka. */
  readonly position?: Position
  /** Epoch ms. */
  readonly firstFailedAt?: number
  readonly at: number
}

const longestReason = 4_000

/** Keeps what can never succeed, whole and with the reason. Resolves when Kafka has it. */
export async function deadLetter(publisher: Pick<Publisher, 'publishRaw'>, letter: NewDeadLetter): Promise<void> {
  const { position, at } = letter
  await publisher.publishRaw({
    topic: deadLetterTopic,
    key: letter.key,
    bytes: letter.bytes,
    headers: {
      ...letter.headers,
      [header.service]: letter.service,
      [header.reason]: letter.reason.slice(0, longestReason),
      [header.attempts]: String(letter.attempts ?? 1),
      [header.firstFailedAt]: new Date(letter.firstFailedAt ?? at).toISOString(),
      [header.at]: new Date(at).toISOString(),
      ...(position === undefined
        ? {}
        : {
            [header.topic]: position.topic,
            [header.partition]: String(position.partition),
            [header.offset]: position.offset,
          }),
    },
  })
}
