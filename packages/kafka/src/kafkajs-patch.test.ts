import { createRequire } from 'node:module'
import { fc, test as property } from '@fast-check/vitest'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

/** What of kafkajs' queue of requests of one connection is patched (patches/kafkajs@2.2.4.patch), and what must stay. */
type RequestQueue = {
  push(request: { entry: Entry; expectResponse: boolean; sendRequest: () => void; requestTimeout?: number }): void
  fulfillRequest(response: { correlationId: number; payload: Buffer; size: number }): void
  maybeThrottle(ms: number): void
  scheduleRequestTimeoutCheck(): void
  destroy(): void
}
type Entry = {
  correlationId: number
  apiKey: number
  apiName: string
  apiVersion: number
  resolve: (answer: unknown) => void
  reject: (error: Error) => void
}
const require = createRequire(import.meta.url)
const RequestQueue: new (options: object) => RequestQueue = require('kafkajs/src/network/requestQueue')

let queue: RequestQueue
let sent: number[]
let failed: Error[]
const newQueue = (maxInFlightRequests: number | null = null) => {
  const logger = { debug() {}, warn() {} }
  const options = {
    maxInFlightRequests,
    requestTimeout: 1_000,
    enforceRequestTimeout: true,
    logger,
    clientId: 'c',
    broker: 'b',
  }
  queue = new RequestQueue(options)
}
const push = (correlationId: number) =>
  queue.push({
    expectResponse: true,
    sendRequest: () => void sent.push(correlationId),
    entry: {
      correlationId,
      apiKey: 0,
      apiName: 'Produce',
      apiVersion: 7,
      resolve() {},
      reject: (error) => void failed.push(error),
    },
  })
const answer = (correlationId: number) => queue.fulfillRequest({ correlationId, payload: Buffer.alloc(0), size: 0 })

beforeEach(() => {
  vi.useFakeTimers()
  sent = []
  failed = []
  newQueue()
})
afterEach(() => {
  queue.destroy()
  vi.useRealTimers()
})

describe('an idle connection', () => {
  test('has no timer after its requests were answered', () => {
    push(1)
    push(2)
    answer(1)
    answer(2)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('has none after a throttle has ended either', () => {
    queue.maybeThrottle(50)
    push(1)
    vi.advanceTimersByTime(60)
    answer(1)
    expect(sent).toEqual([1])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('arms none in the past, which Node would warn of', () => {
    const arm = vi.spyOn(globalThis, 'setTimeout')
    newQueue(1)
    push(1)
    push(2)
    answer(1)
    answer(2)
    vi.advanceTimersByTime(100)
    expect(sent).toEqual([1, 2])
    expect(arm.mock.calls.filter(([, delay]) => Number(delay) <= 0)).toEqual([])
  })
})

test('one timer looks after the requests of all connections', () => {
  const one = queue
  newQueue()
  one.scheduleRequestTimeoutCheck()
  queue.scheduleRequestTimeoutCheck()
  expect(vi.getTimerCount()).toBe(1)
  one.destroy()
  push(1)
  vi.advanceTimersByTime(2_000)
  expect(failed).toHaveLength(1)
  queue.destroy()
  expect(vi.getTimerCount()).toBe(0)
})

describe('a connection at work', () => {
  test('holds requests back while the broker throttles it, then sends them in order', () => {
    queue.maybeThrottle(200)
    push(1)
    push(2)
    vi.advanceTimersByTime(199)
    expect(sent).toEqual([])
    vi.advanceTimersByTime(1)
    expect(sent).toEqual([1, 2])
  })

  test('a longer throttle that begins meanwhile counts too', () => {
    queue.maybeThrottle(100)
    push(1)
    vi.advanceTimersByTime(50)
    queue.maybeThrottle(200)
    vi.advanceTimersByTime(199)
    expect(sent).toEqual([])
    vi.advanceTimersByTime(1)
    expect(sent).toEqual([1])
  })

  test('sends what had no place as soon as one is answered', () => {
    newQueue(1)
    push(1)
    push(2)
    expect(sent).toEqual([1])
    answer(1)
    expect(sent).toEqual([1, 2])
  })

  test('fails a request that is not answered in time, and goes on with the next', () => {
    newQueue(1)
    queue.scheduleRequestTimeoutCheck()
    push(1)
    push(2)
    vi.advanceTimersByTime(2_000)
    expect(failed.map(({ message }) => message)).toEqual([
      expect.stringContaining('Produce(key: 0, version: 7) timed out'),
    ])
    expect(sent).toEqual([1, 2])
  })
})

describe('what is encoded', () => {
  type Encoder = { writeVarInt(value: number): Encoder; writeBytes(bytes: Buffer): Encoder; readonly buffer: Buffer }
  type Decoder = { readVarInt(): number; readBytes(): Buffer }
  const Encoder: new (size?: number) => Encoder = require('kafkajs/src/protocol/encoder')
  const Decoder: new (bytes: Buffer) => Decoder = require('kafkajs/src/protocol/decoder')
  const int32 = fc.oneof(fc.integer(), fc.integer({ min: -200, max: 200 }))

  property.prop([fc.array(fc.tuple(int32, fc.uint8Array({ maxLength: 300 }))), fc.integer({ min: 1, max: 600 })])(
    'is what was written, in buffers of any size',
    (parts, size) => {
      const encoder = new Encoder(size)
      for (const [number, bytes] of parts) encoder.writeVarInt(number).writeBytes(Buffer.from(bytes))
      const decoder = new Decoder(encoder.buffer)
      for (const [number, bytes] of parts) {
        expect(decoder.readVarInt()).toBe(number)
        expect(decoder.readBytes()).toEqual(Buffer.from(bytes))
      }
    },
  )
})

describe('a batch of records', () => {
  type Bytes = Buffer | null
  type Sent = { key: Bytes; value: Bytes; headers: Record<string, Buffer>; timestamp: number }
  type Read = { key: Bytes; value: Bytes; headers: Record<string, Buffer>; timestamp: string; offset: string }
  const produce: (request: object) => { encode(): Promise<{ readonly buffer: Buffer }> } =
    require('kafkajs/src/protocol/requests/produce/v7/request')
  type Decoder = {
    readonly buffer: Buffer
    readonly offset: number
    readInt16(): number
    readInt32(): number
    readString(): string
    forward(size: number): void
  }
  const Decoder: new (bytes: Buffer) => Decoder = require('kafkajs/src/protocol/decoder')
  const decodeBatch: (decoder: object) => Promise<{ readonly records: readonly Read[] }> =
    require('kafkajs/src/protocol/recordBatch/v0/decoder')
  const crc32C: (bytes: Buffer) => number = require('kafkajs/src/protocol/recordBatch/crc32C')

  type Partition = { readonly partition: number; readonly messages: readonly Sent[] }
  type Topic = { readonly topic: string; readonly partitions: readonly Partition[] }

  async function readRequest(request: Buffer) {
    const decoder = new Decoder(request)
    const head = [decoder.readString(), decoder.readInt16(), decoder.readInt32()]
    const topics = []
    for (let left = decoder.readInt32(); left > 0; left -= 1) {
      const topic = decoder.readString()
      const partitions = []
      for (let more = decoder.readInt32(); more > 0; more -= 1) {
        const [partition, size] = [decoder.readInt32(), decoder.readInt32()]
        const batch = decoder.buffer.subarray(decoder.offset, decoder.offset + size)
        decoder.forward(size)
        expect(batch.readUInt32BE(17)).toBe(crc32C(batch.subarray(21)))
        const { records } = await decodeBatch(new Decoder(batch))
        partitions.push({ partition, records })
      }
      topics.push({ topic, partitions })
    }
    expect(decoder.offset).toBe(request.length)
    return { head, topics }
  }

  const bytes = fc.uint8Array({ maxLength: 300 }).map((of) => Buffer.from(of))
  const orNull = fc.option(bytes, { nil: null })
  const record: fc.Arbitrary<Sent> = fc.record({
    ...{ key: orNull, value: orNull, timestamp: fc.integer({ min: 1, max: 2 ** 45 }) },
    headers: fc.dictionary(fc.stringMatching(/^varai-.{0,9}$/), bytes, { maxKeys: 3 }),
  })

  const several = <T>(of: fc.Arbitrary<T>, maxLength: number) => fc.array(of, { minLength: 1, maxLength })
  const partition: fc.Arbitrary<Partition> = fc.record({ partition: fc.nat(), messages: several(record, 20) })
  const topic: fc.Arbitrary<Topic> = fc.record({ topic: fc.string(), partitions: several(partition, 3) })

  property.prop([several(topic, 3)])('reads as it was written', async (topics) => {
    const topicData = topics.map((of) => ({
      topic: of.topic,
      partitions: of.partitions.map((each) => ({ ...each, firstSequence: 0 })),
    }))
    const { buffer } = await produce({ acks: -1, timeout: 1, producerId: '7', topicData }).encode()
    const request = await readRequest(buffer)
    expect(request.head).toEqual([null, -1, 1])
    const read = request.topics.map((of) => ({
      topic: of.topic,
      partitions: of.partitions.map((each) => ({
        partition: each.partition,
        messages: each.records.map(({ key, value, headers, timestamp, offset }) => ({
          ...{ key, value, headers, timestamp: Number(timestamp), offset },
        })),
      })),
    }))
    expect(read).toEqual(
      topics.map((of) => ({
        topic: of.topic,
        partitions: of.partitions.map((each) => ({
          partition: each.partition,
          messages: each.messages.map((message, at) => ({
            ...{ ...message, headers: Object.fromEntries(Object.entries(message.headers)), offset: String(at) },
          })),
        })),
      })),
    )
  })

  test('has the checksum of the protocol', () => {
    expect(crc32C(Buffer.from('123456789'))).toBe(0xe3069283)
    expect(crc32C(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43)
    expect(crc32C(Buffer.alloc(0))).toBe(0)
  })

  property.prop([fc.array(fc.nat({ max: 11 }))])('is what its partition got, in the order of it', (keys) => {
    const group: (of: object) => Record<string, readonly object[]> =
      require('kafkajs/src/producer/groupMessagesPerPartition')
    const messages = keys.map((key, at) => ({ key, at }))
    const partitioner = ({ message }: { message: { key: number } }) => message.key
    const grouped = group({ topic: 't', partitionMetadata: [{ partitionId: 0 }], messages, partitioner })
    for (const key of new Set(keys)) expect(grouped[key]).toEqual(messages.filter((message) => message.key === key))
    expect(Object.values(grouped).flat()).toHaveLength(keys.length)
  })
})

describe('a fetch that the broker holds back', () => {
  type Batches = readonly object[]
  type Attend = (wait: () => Promise<Batches>, abandon: () => void) => Promise<Batches>
  type Runner = { running: boolean; fetch(nodeId: number): Promise<Batches>; interruptFetches(): void }
  const Runner: new (options: object) => Runner = require('kafkajs/src/consumer/runner')
  const beatMs = 2_000

  let beats: number
  let beat: () => Promise<void>
  let abandoned: number
  let broker: PromiseWithResolvers<Batches>
  let prepared: PromiseWithResolvers<void>
  let runner: Runner
  beforeEach(() => {
    ;[beats, abandoned] = [0, 0]
    beat = () => Promise.resolve()
    broker = Promise.withResolvers()
    prepared = Promise.withResolvers()
    prepared.resolve()
    const consumerGroup = {
      lastRequest: Date.now(),
      async heartbeat() {
        beats += 1
        await beat()
        consumerGroup.lastRequest = Date.now()
      },
      async fetch(_nodeId: number, attend: Attend) {
        await prepared.promise
        return attend(
          () => broker.promise,
          () => (abandoned += 1),
        ).catch(({ name }: Error) => [{ name }])
      },
    }
    const logger = { namespace: () => logger, debug() {} }
    runner = new Runner({
      ...{ logger, consumerGroup, heartbeatInterval: beatMs, concurrency: 1 },
      ...{ instrumentationEmitter: { emit() {} }, onCrash() {} },
    })
    runner.running = true
  })
  const interrupted = [{ name: 'KafkaJSFetchInterrupted' }]

  test('lets heartbeats go on, and gives what came in', async () => {
    const fetched = runner.fetch(1)
    await vi.advanceTimersByTimeAsync(3 * beatMs)
    expect(beats).toBe(3)
    broker.resolve([{ topic: 't' }])
    expect(await fetched).toEqual([{ topic: 't' }])
    expect([abandoned, vi.getTimerCount()]).toEqual([0, 0])
  })

  test('ends when a heartbeat tells of a rebalance', async () => {
    const fetched = runner.fetch(1)
    beat = () => Promise.reject(new Error('the group is rebalancing'))
    await vi.advanceTimersByTimeAsync(beatMs)
    expect(await fetched).toEqual(interrupted)
    expect([abandoned, vi.getTimerCount()]).toEqual([1, 0])
  })

  test.each(['while it waits', 'before it waits'])('ends when it is interrupted %s', async (when) => {
    if (when === 'before it waits') prepared = Promise.withResolvers()
    const fetched = runner.fetch(1)
    await vi.advanceTimersByTimeAsync(1)
    runner.interruptFetches()
    prepared.resolve()
    expect(await fetched).toEqual(interrupted)
    expect([abandoned, vi.getTimerCount()]).toEqual([when === 'while it waits' ? 1 : 0, 0])
  })

  test('ends once only', async () => {
    const fetched = runner.fetch(1)
    await vi.advanceTimersByTimeAsync(1)
    runner.interruptFetches()
    broker.reject(new Error('the connection is closed'))
    runner.interruptFetches()
    expect(await fetched).toEqual(interrupted)
    expect(abandoned).toBe(1)
  })
})
