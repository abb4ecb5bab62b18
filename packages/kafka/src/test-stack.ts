import { randomUUID } from 'node:crypto'
import { createLog } from '@varai/runtime'
import { topicCatalogue } from '@varai/schemas'
import { onTestFinished } from 'vitest'
import { type Codec, createCodec } from './codec.ts'
import { createKafka, type KafkaConnection } from './connection.ts'
import { type ConsumeOptions, type Consumer, consumeLanes, eventLanes } from './consume-lanes.ts'
import type { DecodedRecord } from './decoded-record.ts'
import { done, type Outcome } from './outcome.ts'
import { createPublisher, type Publisher, type PublisherOptions } from './publisher.ts'
import { type DeadLetter, readDeadLetters } from './tail.ts'
import { inventoryDraft } from './test-records.ts'
import { ensureTopics } from './topics.ts'

export const silent = createLog({ service: 'test', level: 'silent' })

export type TestKafka = {
  readonly kafka: KafkaConnection
  readonly codec: Codec
  readonly publisher: Publisher
  readonly registryUrl: string
}

/** Topics of the catalogue under a prefix of their own, and a connected publisher, for one test. */
export async function testKafka(
  addresses: { readonly kafka: { readonly brokers: readonly string[] }; readonly registry: { readonly url: string } },
  topics: readonly string[],
  options: { readonly partitions?: number; readonly publisher?: Partial<PublisherOptions> } = {},
): Promise<TestKafka> {
  const registryUrl = addresses.registry.url
  const topicPrefix = `t${randomUUID().slice(0, 8)}.`
  const kafka = createKafka({ brokers: addresses.kafka.brokers, clientId: 'test', topicPrefix }, silent)
  await ensureTopics(kafka, {
    partitions: options.partitions ?? 2,
    catalogue: topicCatalogue.filter(({ name }) => topics.includes(name)),
  })
  const codec = createCodec({ registryUrl, log: silent })
  const publisher = createPublisher({ kafka, codec, log: silent, ...options.publisher })
  await publisher.connect(['InventoryStated', 'EntityDeleted'])
  onTestFinished(() => publisher.close())
  return { kafka, codec, publisher, registryUrl }
}

export type TestConsumer = {
  readonly consumer: Consumer
  /** Every record given to the handler, in order, with repetitions. */
  readonly seen: DecodedRecord[]
  /** The same as they came. */
  readonly batches: (readonly DecodedRecord[])[]
  readonly crashes: Error[]
}

type TestConsumerOptions = Partial<Omit<ConsumeOptions, 'handle'>> & {
  /** Says what becomes of each record. */
  readonly each?: (record: DecodedRecord) => Outcome | Promise<Outcome>
}

/** A started consumer of one service that is stopped after the test. */
export async function testConsumer(stack: TestKafka, options: TestConsumerOptions = {}): Promise<TestConsumer> {
  const made = consumerOf(stack, options)
  await made.consumer.start()
  return made
}

/** The same before it has started. */
export function consumerOf({ kafka, codec, publisher }: TestKafka, options: TestConsumerOptions = {}): TestConsumer {
  const { each = () => done, ...rest } = options
  const seen: DecodedRecord[] = []
  const batches: (readonly DecodedRecord[])[] = []
  const crashes: Error[] = []
  const consumer = consumeLanes({
    kafka,
    codec,
    publisher,
    log: silent,
    service: 'sync-core',
    lanes: eventLanes(['high']),
    backoff: { firstMs: 50, capMs: 500 },
    onCrash: (error) => crashes.push(error),
    handle: async (batch) => {
      seen.push(...batch)
      batches.push(batch)
      return Promise.all(batch.map(each))
    },
    ...rest,
  })
  onTestFinished(() => consumer.stop())
  return { consumer, seen, batches, crashes }
}

/** An inventory statement for publishing; `id` names the event. */
export const inventory = (topic: string, id: string, key = id) => ({
  topic,
  key,
  record: 'InventoryStated' as const,
  value: inventoryDraft({ eventId: id }),
})

export const eventIds = (records: readonly DecodedRecord[]): string[] =>
  records.map(({ value }) => ('eventId' in value ? value.eventId : ''))

/** All dead letters there are now. */
export async function deadLettersOf(kafka: KafkaConnection): Promise<DeadLetter[]> {
  const found: DeadLetter[] = []
  for await (const letter of readDeadLetters({ kafka, untilEnd: true })) found.push(letter)
  return found
}
