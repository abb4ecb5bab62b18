import { randomUUID } from 'node:crypto'
import {
  type Codec,
  deadLetterHeader,
  type KafkaConnection,
  type Publisher,
  type TailedRecord,
  tail,
} from '@varai/kafka'
import { deadLetterTopic, fetchTopic, lanes, laneTopic, type Platform, privacyTopic } from '@varai/schemas'
import { waitUntil } from '@varai/testkit'

/** The fields of a decoded record, by their names. */
export type Fields = Readonly<Record<string, unknown>>
export type Told = {
  readonly topic: string
  readonly record: string
  readonly key: string | null
  readonly headers: Readonly<Record<string, string>>
  readonly value: Fields
}
export type Letter = { readonly reason: string; readonly service: string; readonly record: TailedRecord }

/** All that a service has written, from the beginning of the run. */
export type KafkaWatch = {
  /** Resolves when everything that Kafka has by now is here. Rejects when Kafka is away. */
  caughtUp(): Promise<void>
  /** Records of the lanes. */
  readonly events: readonly Told[]
  /** Records of the topics of requests about personal data, and of those to ask the store. */
  readonly requests: readonly Told[]
  readonly letters: readonly Letter[]
  /** Everything as it lies in Kafka. */
  readonly all: readonly TailedRecord[]
  close(): Promise<void>
}

const fence = 'varai-conformance-fence'

/**
 * Reads along from the beginning; every topic must have one partition. What is there is told by marks that are written
 * behind it and read again: neither a pause nor an offset has to be guessed.
 */
export function watchKafka(of: {
  readonly kafka: KafkaConnection
  readonly codec: Codec
  readonly publisher: Pick<Publisher, 'publishRaw'>
  readonly platform: Platform
}): KafkaWatch {
  const laneTopics = lanes.map(laneTopic)
  const requestTopics = [privacyTopic, fetchTopic(of.platform)]
  const topics = [...laneTopics, ...requestTopics, deadLetterTopic]
  const ended = new AbortController()
  const all: TailedRecord[] = []
  const [events, requests]: [Told[], Told[]] = [[], []]
  const letters: Letter[] = []
  const fences = new Map<string, Set<string>>()
  let failure: Error | undefined

  function take(record: TailedRecord): void {
    const { topic, key, headers, decoded } = record
    all.push(record)
    if (topic === deadLetterTopic) {
      const { [deadLetterHeader.reason]: reason = '', [deadLetterHeader.service]: service = '' } = headers
      letters.push({ reason, service, record })
    } else if (decoded.ok) {
      const list = requestTopics.includes(topic) ? requests : events
      list.push({ topic, key, headers, record: decoded.record, value: { ...decoded.value } })
    } else throw new Error(`${topic} holds what the contract does not know: ${decoded.reason}`)
  }

  async function read(): Promise<void> {
    for await (const record of tail({ ...of, topics, from: 'earliest', signal: ended.signal })) {
      const mark = record.headers[fence]
      if (mark === undefined) take(record)
      else fences.set(mark, (fences.get(mark) ?? new Set()).add(record.topic))
    }
  }
  const reading = read().catch((error: unknown) => {
    failure = error instanceof Error ? error : new Error(String(error))
  })

  return {
    async caughtUp() {
      const mark = randomUUID()
      const headers = { [fence]: mark }
      await Promise.all(topics.map((topic) => of.publisher.publishRaw({ topic, key: null, bytes: null, headers })))
      const isHere = () => failure !== undefined || fences.get(mark)?.size === topics.length
      await waitUntil(isHere, { what: 'what Kafka has', withinMs: 60_000, everyMs: 5 })
      if (failure !== undefined) throw failure
    },
    ...{ all, events, requests, letters },
    async close() {
      ended.abort()
      await reading
    },
  }
}
