import { createLog } from '@varai/runtime'
import type { Message, ProducerConfig, RecordMetadata, TopicMessages } from 'kafkajs'
import { describe, expect, test } from 'vitest'
import type { KafkaConnection } from './connection.ts'
import { createProduce } from './produce.ts'

const log = createLog({ service: 'test', level: 'silent' })
const partitionMetadata = [0, 1, 2].map((partitionId) => ({
  partitionId,
  partitionErrorCode: 0,
  leader: 1,
  replicas: [1],
  isr: [1],
}))

/** The part of kafkajs that answers produce calls, which here are made up: a real broker never gives most of them. */
function cluster(answer: (partitions: readonly number[], producer: number) => readonly Partial<RecordMetadata>[]) {
  const made: { readonly config: ProducerConfig; disconnected: boolean }[] = []
  const client = {
    producer(config: ProducerConfig) {
      const self = { config, disconnected: false }
      made.push(self)
      const partitioner = config.createPartitioner?.()
      return {
        connect: async () => {},
        disconnect: async () => {
          self.disconnected = true
        },
        sendBatch: async ({ topicMessages }: { topicMessages: readonly TopicMessages[] }) => {
          const partitions = topicMessages.flatMap(({ topic, messages }) =>
            messages.map((message) => partitioner?.({ topic, partitionMetadata, message }) ?? -1),
          )
          return answer(partitions, made.length).map((of) => ({ topicName: 't', errorCode: 0, ...of }))
        },
      }
    },
  }
  const kafka = {
    client,
    log,
    named: (name: string) => name,
    unnamed: (name: string) => name,
  } as unknown as KafkaConnection
  return { produce: createProduce(kafka), made }
}
const batch = (...messages: Message[]): TopicMessages[] => [{ topic: 't', messages }]
const keyed = (key: string): Message => ({ key, value: 'v' })

describe('produce', () => {
  test('is idempotent, waits for all replicas, and makes no topics', async () => {
    const { produce, made } = cluster((partitions) => partitions.map((partition) => ({ partition })))
    await produce.send(batch(keyed('a'), keyed('b')))
    expect(made).toEqual([
      { config: expect.objectContaining({ idempotent: true, allowAutoTopicCreation: false }), disconnected: false },
    ])
  })

  test('a call that left a partition out of its answer has failed', async () => {
    const { produce } = cluster(([first]) => [{ partition: first ?? 0 }])
    await expect(produce.send(batch({ key: null, value: '1' }, { key: null, value: '2' }))).rejects.toThrow('left out')
  })

  test('an error of one partition fails the call', async () => {
    const { produce } = cluster((partitions) => partitions.map((partition, index) => ({ partition, errorCode: index })))
    await expect(produce.send(batch({ key: null, value: '1' }, { key: null, value: '2' }))).rejects.toThrow('left out')
  })

  test('after a failure nothing is sent under the old producer id', async () => {
    const { produce, made } = cluster((partitions, producer) => {
      if (producer === 1) throw new Error('timed out')
      return partitions.map((partition) => ({ partition }))
    })
    await expect(produce.send(batch(keyed('a')))).rejects.toThrow('timed out')
    await produce.send(batch(keyed('b')))
    await produce.send(batch(keyed('c')))
    expect(made.map(({ disconnected }) => disconnected)).toEqual([true, false])
  })

  test('records without a key are spread, and stay where they were put when a call is repeated', async () => {
    const seen: (readonly number[])[] = []
    const { produce } = cluster((partitions) => {
      seen.push(partitions)
      return partitions.map((partition) => ({ partition }))
    })
    const messages = ['1', '2', '3'].map((value) => ({ key: null, value }))
    await produce.send(batch(...messages))
    await produce.send(batch(...messages))
    expect(seen).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ])
  })
})
