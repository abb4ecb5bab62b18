import type { IHeaders } from 'kafkajs'

/** Headers as a handler sees them: text; where a name comes twice, its last value. */
export type Headers = Readonly<Record<string, string>>
/** Headers as they are written: text, or the exact bytes that came in. */
export type RawHeaders = Readonly<Record<string, string | Buffer>>

/** Why and how often a record was put back, and where it came from first. */
export const retryHeader = {
  attempt: 'varai-attempt',
  firstFailedAt: 'varai-first-failed-at',
  notBefore: 'varai-not-before',
  reason: 'varai-retry-reason',
  originTopic: 'varai-origin-topic',
  originPartition: 'varai-origin-partition',
  originOffset: 'varai-origin-offset',
} as const

/** What is known about a dead letter beside its own bytes, key and headers. */
export const deadLetterHeader = {
  service: 'varai-dlq-service',
  reason: 'varai-dlq-reason',
  attempts: 'varai-dlq-attempts',
  topic: 'varai-dlq-topic',
  partition: 'varai-dlq-partition',
  offset: 'varai-dlq-offset',
  firstFailedAt: 'varai-dlq-first-failed-at',
  at: 'varai-dlq-at',
} as const

/** Every header of a record that came in, with its bytes untouched. */
export function rawHeaders(headers: IHeaders | undefined): RawHeaders {
  const raw: Record<string, string | Buffer> = {}
  for (const [name, value] of Object.entries(headers ?? {})) {
    const last = Array.isArray(value) ? value.at(-1) : value
    if (last !== undefined) raw[name] = last
  }
  return raw
}

export function textHeaders(headers: IHeaders | undefined): Headers {
  const text: Record<string, string> = {}
  for (const [name, value] of Object.entries(rawHeaders(headers))) text[name] = value.toString()
  return text
}
