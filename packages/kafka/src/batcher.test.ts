import type { TopicMessages } from 'kafkajs'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type BatcherLimits, createBatcher } from './batcher.ts'
import { NotAcknowledged, QueueFull } from './errors.ts'

const limits: BatcherLimits = {
  maxQueued: 100,
  maxQueuedBytes: 10_000,
  maxBatch: 10,
  maxBatchBytes: 1_000,
  ackWithinMs: 5_000,
}
const record = (key: string, { topic = 't', size = 10 } = {}) => ({ topic, message: { key, value: key }, size })
const keys = (batch: readonly TopicMessages[]) =>
  batch.flatMap(({ messages }) => messages.map(({ key }) => String(key)))

/** A batcher whose calls are answered by hand. */
function byHand(change: Partial<BatcherLimits> = {}) {
  const calls: {
    readonly keys: string[]
    readonly batch: readonly TopicMessages[]
    readonly answer: PromiseWithResolvers<void>
  }[] = []
  const batcher = createBatcher({
    limits: { ...limits, ...change },
    send: (batch) => {
      const answer = Promise.withResolvers<void>()
      calls.push({ keys: keys(batch), batch, answer })
      return answer.promise
    },
  })
  const call = async (index: number) => {
    await vi.waitFor(() => expect(calls.length).toBeGreaterThan(index), 20_000)
    const made = calls[index]
    if (made === undefined) throw new Error(`no call ${index}`)
    return made
  }
  return { batcher, calls, call }
}

describe('batcher', () => {
  test('what is added in one turn of the event loop goes out in one call, each caller with its own ack', async () => {
    const { batcher, calls, call } = byHand()
    const acks = ['a', 'b', 'c'].map((key) => batcher.add(record(key)))
    await Promise.resolve()
    acks.push(batcher.add(record('d')))
    const first = await call(0)
    expect(first.keys).toEqual(['a', 'b', 'c', 'd'])
    first.answer.resolve()
    await expect(Promise.all(acks)).resolves.toHaveLength(4)
    expect(calls).toHaveLength(1)
  })

  test('what comes while a call is under way goes out together after it, in order', async () => {
    const { batcher, calls, call } = byHand()
    const acks = [batcher.add(record('a'))]
    const first = await call(0)
    acks.push(...['b', 'c'].map((key) => batcher.add(record(key))))
    await new Promise((resolve) => setImmediate(resolve))
    acks.push(batcher.add(record('d')))
    expect(calls).toHaveLength(1)
    first.answer.resolve()
    const second = await call(1)
    expect(second.keys).toEqual(['b', 'c', 'd'])
    second.answer.resolve()
    await Promise.all(acks)
  })

  test('a failed call rejects its own callers only, with the cause', async () => {
    const { batcher, call } = byHand()
    const lost = [batcher.add(record('a')), batcher.add(record('b'))]
    const first = await call(0)
    const kept = batcher.add(record('c'))
    first.answer.reject(new Error('broker gone'))
    for (const ack of lost) {
      await expect(ack).rejects.toThrow(NotAcknowledged)
      await expect(ack).rejects.toMatchObject({ cause: new Error('broker gone') })
    }
    const second = await call(1)
    expect(second.keys).toEqual(['c'])
    second.answer.resolve()
    await expect(kept).resolves.toBeUndefined()
  })

  test('topics go out in one call, each with its records in order', async () => {
    const { batcher, call } = byHand()
    const acks = ['a', 'b', 'c'].map((key) => batcher.add(record(key, { topic: key === 'b' ? 'u' : 't' })))
    const { batch, answer } = await call(0)
    expect(batch.map(({ topic, messages }) => [topic, messages.map(({ key }) => key)])).toEqual([
      ['t', ['a', 'c']],
      ['u', ['b']],
    ])
    answer.resolve()
    await Promise.all(acks)
  })

  test('a call takes no more than the cap of records, and of bytes for each topic', async () => {
    const { batcher, call } = byHand({ maxBatch: 3, maxBatchBytes: 100 })
    const acks = [
      batcher.add(record('a', { size: 60 })),
      batcher.add(record('b', { size: 60, topic: 'u' })),
      batcher.add(record('c', { size: 60 })),
      batcher.add(record('d')),
      batcher.add(record('e')),
      batcher.add(record('f')),
      batcher.add(record('g')),
    ]
    for (const expected of [
      ['a', 'b'],
      ['c', 'd', 'e'],
      ['f', 'g'],
    ]) {
      const made = await call(
        [
          ['a', 'b'],
          ['c', 'd', 'e'],
          ['f', 'g'],
        ].findIndex((of) => of[0] === expected[0]),
      )
      expect(made.keys).toEqual(expected)
      made.answer.resolve()
    }
    await Promise.all(acks)
  })

  test('a record above the cap of bytes goes alone', async () => {
    const { batcher, call } = byHand({ maxBatchBytes: 100 })
    const acks = [batcher.add(record('huge', { size: 500 })), batcher.add(record('b'))]
    const first = await call(0)
    expect(first.keys).toEqual(['huge'])
    first.answer.resolve()
    ;(await call(1)).answer.resolve()
    await Promise.all(acks)
  })

  test('the queue is bounded in records and bytes, those under way included', async () => {
    const { batcher, call } = byHand({ maxQueued: 3, maxQueuedBytes: 100 })
    const acks = [batcher.add(record('a')), batcher.add(record('b', { size: 80 }))]
    await expect(batcher.add(record('c', { size: 11 }))).rejects.toThrow(QueueFull)
    acks.push(batcher.add(record('d')))
    await expect(batcher.add(record('e', { size: 0 }))).rejects.toThrow(QueueFull)
    expect([batcher.depth, batcher.queuedBytes]).toEqual([3, 100])
    ;(await call(0)).answer.resolve()
    await Promise.all(acks)
    expect([batcher.depth, batcher.queuedBytes]).toEqual([0, 0])
    const later = batcher.add(record('f'))
    ;(await call(1)).answer.resolve()
    await later
  })

  test('who waits too long hears of it, whether under way or still queued; what was queued is not sent any more', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const { batcher, calls, call } = byHand({ ackWithinMs: 1_000 })
    const underWay = batcher.add(record('a'))
    const outcomes = [underWay.catch((error: unknown) => error)]
    const first = await call(0)
    vi.advanceTimersByTime(500)
    outcomes.push(batcher.add(record('b')).catch((error: unknown) => error))
    vi.advanceTimersByTime(500)
    await expect(outcomes[0]).resolves.toBeInstanceOf(NotAcknowledged)
    expect(batcher.depth).toBe(1)
    vi.advanceTimersByTime(500)
    await expect(outcomes[1]).resolves.toBeInstanceOf(NotAcknowledged)
    first.answer.resolve()
    const fresh = batcher.add(record('c'))
    const second = await call(1)
    expect(second.keys).toEqual(['c'])
    second.answer.resolve()
    await fresh
    expect(calls).toHaveLength(2)
  })

  test('flush waits for what was added before, failures included', async () => {
    const { batcher, call } = byHand()
    const ack = batcher.add(record('a')).catch(() => 'failed')
    let flushed = false
    const flush = batcher.flush().then(() => (flushed = true))
    const first = await call(0)
    expect(flushed).toBe(false)
    first.answer.reject(new Error('gone'))
    await expect(flush).resolves.toBe(true)
    await expect(ack).resolves.toBe('failed')
  })

  test('abandoning tells everyone who still waits', async () => {
    const { batcher, call } = byHand()
    const ack = batcher.add(record('a'))
    await call(0)
    batcher.abandon()
    await expect(ack).rejects.toThrow('closed')
    expect(batcher.depth).toBe(0)
  })

  test('thousands of records keep the order of their keys', async () => {
    const seen: string[] = []
    const batcher = createBatcher({
      limits: { ...limits, maxQueued: 100_000, maxQueuedBytes: 1e9, maxBatch: 777 },
      send: async (batch) => {
        seen.push(...keys(batch))
        await new Promise((resolve) => setImmediate(resolve))
      },
    })
    const all = Array.from({ length: 20_000 }, (_, index) => String(index))
    await Promise.all(all.map((key) => batcher.add(record(key, { size: 1 }))))
    expect(seen).toEqual(all)
  })
})
