import { inspect } from 'node:util'
import { createLog } from '@varai/runtime'
import { changesTopic, deadLetterTopic, laneTopic } from '@varai/schemas'
import type { TopicMessages } from 'kafkajs'
import { describe, expect, test } from 'vitest'
import { createCodec } from './codec.ts'
import { createKafka } from './connection.ts'
import { PublisherClosed, RegistryAway, TooLarge, Unencodable } from './errors.ts'
import { createPublisher, type PublisherOptions } from './publisher.ts'
import type { Registry } from './registry.ts'
import { inventoryDraft } from './test-records.ts'

const log = createLog({ service: 'test', level: 'silent' })
const registry: Registry = { findSchema: async () => undefined, register: async (subject) => subject.length }

function publisher(options: Partial<PublisherOptions> = {}, registryIs: Registry = registry) {
  const sent: TopicMessages[] = []
  const kafka = createKafka({ brokers: ['127.0.0.1:1'], clientId: 'test', topicPrefix: 'env-a.' }, log)
  const made = createPublisher({
    kafka,
    log,
    codec: createCodec({ registryUrl: 'unused', log, registry: registryIs }),
    produce: { connect: async () => {}, send: async (batch) => void sent.push(...batch), close: async () => {} },
    ...options,
  })
  return { publisher: made, sent }
}
const inventory = (change = {}) => ({
  topic: laneTopic('low'),
  key: 'a key',
  record: 'InventoryStated' as const,
  value: inventoryDraft(change),
})

describe('publisher', () => {
  test('writes to the topic of its environment, with key, framed value and headers', async () => {
    const { publisher: made, sent } = publisher()
    await made.connect()
    await made.publish({ ...inventory(), headers: { traceparent: '00-abc' } })
    expect(sent).toMatchObject([
      {
        topic: 'env-a.varai.events.low',
        messages: [{ key: Buffer.from('a key'), headers: { traceparent: '00-abc' } }],
      },
    ])
    expect(sent[0]?.messages[0]?.value?.[0]).toBe(0)
  })

  test('one record that is too large or does not fit fails alone', async () => {
    const { publisher: made, sent } = publisher({ maxRecordBytes: 2_000 })
    await made.connect()
    const results = await Promise.allSettled([
      made.publish(inventory()),
      made.publish(inventory({ sku: 'x'.repeat(2_000) })),
      made.publish(inventory({ available: 'many' })),
      made.publish(inventory()),
    ])
    expect(results.map((result) => (result.status === 'rejected' ? result.reason.constructor : 'sent'))).toEqual([
      'sent',
      TooLarge,
      Unencodable,
      'sent',
    ])
    expect(sent.flatMap(({ messages }) => messages)).toHaveLength(2)
    const tooLarge = results[1]?.status === 'rejected' ? results[1].reason : undefined
    expect(tooLarge?.encoded?.toString('latin1')).toContain('x'.repeat(2_000))
    expect(inspect(tooLarge)).not.toContain('xxx')
  })

  test('a dead letter may be larger than any event, so that the largest event still becomes one', async () => {
    const { publisher: made } = publisher()
    await made.connect()
    const bytes = Buffer.alloc(1_100_000)
    await expect(made.publishRaw({ topic: changesTopic, key: null, bytes })).rejects.toThrow(TooLarge)
    await expect(made.publishRaw({ topic: deadLetterTopic, key: null, bytes })).resolves.toBeUndefined()
  })

  test('knows the topics of the catalogue only', async () => {
    const { publisher: made } = publisher()
    await made.connect()
    await expect(made.publish({ ...inventory(), topic: 'varai.events.hihg' })).rejects.toThrow('varai.events.hihg')
  })

  test('takes nothing before it is connected, and nothing after it was closed', async () => {
    const { publisher: made, sent } = publisher()
    await expect(made.publish(inventory())).rejects.toThrow(PublisherClosed)
    await made.connect()
    const last = made.publish(inventory())
    await made.close()
    await expect(last).resolves.toBeUndefined()
    await expect(made.publish(inventory())).rejects.toThrow(PublisherClosed)
    expect(sent).toHaveLength(1)
  })

  test('does not connect while the registry is away', async () => {
    const away = { ...registry, register: () => Promise.reject(new RegistryAway('away')) }
    await expect(publisher({}, away).publisher.connect()).rejects.toThrow(RegistryAway)
  })
})
