import { createLog } from '@varai/runtime'
import { deadLetterTopic } from '@varai/schemas'
import { testClock } from '@varai/testkit'
import { describe, expect, test } from 'vitest'
import type { Decoded } from './codec.ts'
import type { DecodedRecord } from './decoded-record.ts'
import { RegistryAway } from './errors.ts'
import { done, type Outcome, rejected, retryLater, skipped } from './outcome.ts'
import { createProcessBatch, type ProcessPorts } from './process-batch.ts'
import type { Publisher, RawRecord } from './publisher.ts'
import { message } from './test-records.ts'

const log = createLog({ service: 'test', level: 'silent' })
const topic = 'varai.events.high'
const retry = { topic: 'varai.retry.sync-core.apply', attempts: 3 }
const start = '2026-06-01T12:00:00.000Z'

/** Bytes that say what the codec makes of them: `bad…` cannot be decoded, `away` needs a registry that is away. */
const decode = async (values: readonly (Buffer | null)[]): Promise<Decoded[]> =>
  values.map((value) => {
    const text = String(value)
    if (text === 'away') throw new RegistryAway('away')
    return text.startsWith('bad')
      ? { ok: false, reason: `bad-bytes: ${text}` }
      : ({ ok: true, record: 'EntityDeleted', value: { entityId: text } } as Decoded)
  })

type Handle = (record: DecodedRecord) => Outcome

/** A processor with a publisher that keeps what it gets; `handle` says what becomes of each record. */
function processor(handle: Handle = () => done, change: Partial<ProcessPorts> = {}) {
  const clock = testClock(start)
  const published: RawRecord[] = []
  const batches: (readonly DecodedRecord[])[] = []
  const breakers: unknown[] = []
  let refuse: Error | undefined
  const publisher: Publisher = {
    connect: async () => {},
    publish: async () => {},
    async publishRaw(record) {
      if (refuse !== undefined) throw refuse
      published.push(record)
    },
    flush: async () => {},
    close: async () => {},
    depth: 0,
    queuedBytes: 0,
  }
  const { process, stoppedUntil } = createProcessBatch({
    codec: { decodeAll: decode },
    publisher,
    log,
    service: 'sync-core',
    handle: async (batch) => {
      batches.push(batch)
      return batch.map(handle)
    },
    breaker: { rejections: 3, coolDownMs: 60_000 },
    retry,
    onBreaker: (to) => breakers.push(to),
    now: clock.now,
    ...change,
  })
  const publishing = (error: Error | undefined) => {
    refuse = error
  }
  return { process, stoppedUntil, clock, published, batches, breakers, publishing }
}

/** One slice of a partition: records from offset 0 with these texts as bytes. */
const slice = (
  texts: readonly string[],
  of: { topic?: string; partition?: number; headers?: Record<string, string> } = {},
) => ({
  topic: of.topic ?? topic,
  partition: of.partition ?? 4,
  messages: texts.map((text, offset) =>
    message({ offset, value: Buffer.from(text), ...(of.headers === undefined ? {} : { headers: of.headers }) }),
  ),
})
const commit = { kind: 'commit' }

describe('outcomes', () => {
  test('a handler gets the records of all partitions at once, and what surrounds them', async () => {
    const { process, batches } = processor()
    const headers = { traceparent: '00-abc' }
    const { results, counts } = await process([slice(['a', 'b'], { headers }), slice(['c'], { partition: 5 })])
    expect(results).toEqual([commit, commit])
    expect(counts).toMatchObject({ done: 3, rejected: 0 })
    expect(batches).toHaveLength(1)
    expect(batches[0]?.map(({ partition, offset }) => [partition, offset])).toEqual([
      [4, '0'],
      [4, '1'],
      [5, '0'],
    ])
    expect(batches[0]?.[0]).toMatchObject({ topic, key: 'a key', headers, attempt: 0, timestamp: 1_773_480_670_000 })
  })

  test('in portions: what has one key comes together, and each record gets the outcome that is its own', async () => {
    const { process, batches, published } = processor(
      ({ value }) => (JSON.stringify(value).includes('no') ? rejected('no') : done),
      { portion: 2 },
    )
    const said = ['a1', 'b1', 'c-no', 'bad', 'a2', 'd1', 'b2', 'a-no']
    const messages = said.map((text, offset) => message({ offset, value: Buffer.from(text), key: text[0] ?? '' }))
    const { results, counts } = await process([{ topic, partition: 4, messages }])
    expect(batches.map((batch) => batch.map(({ value }) => value))).toEqual([
      [{ entityId: 'a1' }, { entityId: 'a2' }, { entityId: 'a-no' }],
      [{ entityId: 'b1' }, { entityId: 'b2' }],
      [{ entityId: 'c-no' }, { entityId: 'd1' }],
    ])
    expect(results).toEqual([commit])
    expect(counts).toMatchObject({ done: 5, rejected: 3 })
    expect(published.map(({ bytes }) => String(bytes))).toEqual(['c-no', 'bad', 'a-no'])
  })

  test('done and skipped are committed and leave nothing behind', async () => {
    const { process, published } = processor(() => skipped('duplicate'))
    await expect(process([slice(['a'])])).resolves.toMatchObject({ results: [commit], counts: { skipped: 1 } })
    expect(published).toEqual([])
  })

  test('a record that cannot be decoded never reaches the handler; its original bytes become a dead letter', async () => {
    const { process, published, batches } = processor()
    const { results, counts } = await process([slice(['a', 'bad one', 'c'], { headers: { traceparent: '00-abc' } })])
    expect([results, counts]).toMatchObject([[commit], { done: 2, rejected: 1 }])
    expect(batches[0]?.map(({ value }) => value)).toEqual([{ entityId: 'a' }, { entityId: 'c' }])
    expect(published).toEqual([
      {
        topic: deadLetterTopic,
        key: Buffer.from('a key'),
        bytes: Buffer.from('bad one'),
        headers: {
          traceparent: Buffer.from('00-abc'),
          'varai-dlq-service': 'sync-core',
          'varai-dlq-reason': 'bad-bytes: bad one',
          'varai-dlq-attempts': '1',
          'varai-dlq-topic': topic,
          'varai-dlq-partition': '4',
          'varai-dlq-offset': '1',
          'varai-dlq-first-failed-at': start,
          'varai-dlq-at': start,
        },
      },
    ])
  })

  test('what the handler rejects becomes a dead letter with its reason', async () => {
    const { process, published } = processor(({ offset }) => (offset === '0' ? rejected('no such store') : done))
    await process([slice(['a', 'b'])])
    expect(published.map(({ headers }) => headers?.['varai-dlq-reason'])).toEqual(['no such store'])
  })

  test('a batch without one record that can be decoded does not call the handler', async () => {
    const { process, batches } = processor()
    await process([slice(['bad'])])
    expect(batches).toEqual([])
  })
})

describe('nothing is committed', () => {
  test('when the registry is away, and nothing is dead-lettered', async () => {
    const { process, published } = processor()
    await expect(process([slice(['bad', 'away'])])).rejects.toThrow(RegistryAway)
    expect(published).toEqual([])
  })

  test('when the handler throws', async () => {
    const failing = processor(() => {
      throw new Error('database away')
    })
    await expect(failing.process([slice(['bad', 'b'])])).rejects.toThrow('database away')
    expect(failing.published).toEqual([])
  })

  test('when the handler leaves records without an outcome', async () => {
    const { process } = processor(undefined, { handle: async () => [done] })
    await expect(process([slice(['a', 'b'])])).rejects.toThrow('1 outcomes for 2 records')
  })

  test('when a dead letter is not acknowledged; a rejection is then not counted twice', async () => {
    const { process, publishing, published } = processor()
    publishing(new Error('Kafka away'))
    for (let time = 0; time < 5; time += 1) await expect(process([slice(['bad'])])).rejects.toThrow('Kafka away')
    publishing(undefined)
    await expect(process([slice(['bad'])])).resolves.toMatchObject({ results: [commit] })
    expect(published).toHaveLength(1)
  })

  test('when a retry is asked for where there is no retry topic', async () => {
    const { retry: _, ...ports } = { retry }
    const lonely = createProcessBatch({
      ...ports,
      codec: { decodeAll: decode },
      publisher: { publishRaw: async () => {} } as never,
      log,
      service: 'sync-core',
      handle: async (batch) => batch.map(() => retryLater(1_000, 'busy')),
      breaker: { rejections: 3, coolDownMs: 1 },
    })
    await expect(lonely.process([slice(['a'])])).rejects.toThrow('no retry topic')
  })
})

describe('retries', () => {
  test('a record is put back with its bytes, its count, the time of its first failure and its origin', async () => {
    const { process, published } = processor(() => retryLater(90_000, 'store answers 429'))
    await expect(process([slice(['a'], { headers: { traceparent: '00-abc' } })])).resolves.toMatchObject({
      results: [commit],
    })
    expect(published).toEqual([
      {
        topic: retry.topic,
        key: Buffer.from('a key'),
        bytes: Buffer.from('a'),
        headers: {
          traceparent: Buffer.from('00-abc'),
          'varai-attempt': '1',
          'varai-first-failed-at': start,
          'varai-not-before': '2026-06-01T12:01:30.000Z',
          'varai-retry-reason': 'store answers 429',
          'varai-origin-topic': topic,
          'varai-origin-partition': '4',
          'varai-origin-offset': '0',
        },
      },
    ])
  })

  const before = {
    'varai-attempt': '1',
    'varai-first-failed-at': '2026-06-01T10:00:00.000Z',
    'varai-not-before': '2026-06-01T11:59:00.000Z',
    'varai-origin-topic': topic,
    'varai-origin-partition': '9',
    'varai-origin-offset': '77',
  }

  test('the next attempt knows of the earlier ones, and keeps their first failure and origin', async () => {
    const { process, published, batches } = processor(() => retryLater(1_000, 'busy'))
    await process([slice(['a'], { topic: retry.topic, headers: before })])
    expect(batches[0]?.[0]).toMatchObject({ attempt: 1 })
    expect(published[0]?.headers).toMatchObject({
      'varai-attempt': '2',
      'varai-first-failed-at': '2026-06-01T10:00:00.000Z',
      'varai-origin-partition': '9',
      'varai-origin-offset': '77',
    })
  })

  test('after the last attempt it is a dead letter, with all attempts and where it lay first', async () => {
    const { process, published } = processor(() => retryLater(1_000, 'busy'))
    await process([slice(['a'], { topic: retry.topic, headers: { ...before, 'varai-attempt': '2' } })])
    expect(published[0]).toMatchObject({
      topic: deadLetterTopic,
      headers: {
        'varai-dlq-reason': 'retries-exhausted: busy',
        'varai-dlq-attempts': '3',
        'varai-dlq-first-failed-at': '2026-06-01T10:00:00.000Z',
        'varai-dlq-topic': topic,
        'varai-dlq-partition': '9',
        'varai-dlq-offset': '77',
      },
    })
  })

  test('one whose time has not come moves to the end, unhandled and otherwise as it was', async () => {
    const { process, published, batches } = processor()
    const headers = { ...before, 'varai-not-before': '2026-06-01T13:00:00.000Z' }
    const { counts } = await process([slice(['a'], { topic: retry.topic, headers })])
    expect(counts).toMatchObject({ moved: 1, done: 0 })
    expect(batches).toEqual([])
    expect(published[0]).toMatchObject({ topic: retry.topic, bytes: Buffer.from('a') })
    expect(Object.entries(published[0]?.headers ?? {}).map(([name, value]) => [name, String(value)])).toEqual(
      Object.entries(headers),
    )
  })
})

describe('breaker', () => {
  test('rejections in a row stop the partition; what opened it is neither dead-lettered nor committed', async () => {
    const { process, stoppedUntil, published, breakers, clock } = processor()
    await process([slice(['bad 1', 'bad 2'])])
    expect(published).toHaveLength(2)
    const { results } = await process([slice(['bad 3', 'bad 4'])])
    expect(results).toEqual([{ kind: 'stopped', until: clock.now() + 60_000 }])
    expect(published).toHaveLength(2)
    expect(stoppedUntil(topic, 4)).toBe(clock.now() + 60_000)
    expect(breakers).toEqual([{ partition: `${topic}|4`, open: true }])
  })

  test('other partitions of the same batch go on', async () => {
    const { process, published, stoppedUntil } = processor()
    const { results } = await process([slice(['bad', 'bad', 'bad']), slice(['bad', 'b'], { partition: 5 })])
    expect(results).toEqual([expect.objectContaining({ kind: 'stopped' }), commit])
    expect(published).toHaveLength(1)
    expect(stoppedUntil(topic, 5)).toBeUndefined()
  })

  test('after the cool-down one accepted record closes it', async () => {
    const { process, stoppedUntil, breakers, clock, published } = processor()
    await process([slice(['bad', 'bad', 'bad'])])
    clock.advance(60_000)
    expect(stoppedUntil(topic, 4)).toBeUndefined()
    await expect(process([slice(['bad', 'b'])])).resolves.toMatchObject({ results: [commit] })
    expect(breakers.at(-1)).toEqual({ partition: `${topic}|4`, open: false })
    expect(published).toHaveLength(1)
  })
})
