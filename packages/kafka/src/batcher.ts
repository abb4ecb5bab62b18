import type { Message, TopicMessages } from 'kafkajs'
import { NotAcknowledged, QueueFull } from './errors.ts'

export type BatcherLimits = {
  /** Records that may wait, those under way included. */
  readonly maxQueued: number
  /** Bytes of the same. */
  readonly maxQueuedBytes: number
  /** Records of one produce call. */
  readonly maxBatch: number
  /** Bytes of one produce call for each topic: Kafka's limit is on what one partition gets at once. */
  readonly maxBatchBytes: number
  /** After so many ms a caller hears that its record was not acknowledged. */
  readonly ackWithinMs: number
}

export type Batcher = {
  /** Resolves when the record is acknowledged. Rejects with QueueFull (at once), NotAcknowledged. */
  add(record: { readonly topic: string; readonly message: Message; readonly size: number }): Promise<void>
  /** Resolves when everything added so far was acknowledged or failed. */
  flush(): Promise<void>
  /** Gives up on what is left. */
  abandon(): void
  readonly depth: number
  readonly queuedBytes: number
}

type Item = {
  readonly topic: string
  readonly message: Message
  readonly size: number
  readonly deadline: number
  readonly settled: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/**
 * Turns single records into few calls of `send`: what is added in one turn of the event loop, or while a call is under
 * way, goes out together. One call at a time and first in first out, so that records of one key keep their order.
 */
export function createBatcher(options: {
  readonly send: (batch: readonly TopicMessages[]) => Promise<void>
  readonly limits: BatcherLimits
  /** Told of each call: how many records, how long it took in ms, and the error if it failed. */
  readonly onSent?: (call: { readonly records: number; readonly tookMs: number; readonly error?: unknown }) => void
}): Batcher {
  const { send, limits, onSent } = options
  let queue: Item[] = []
  let head = 0
  /** Everything not yet settled, oldest first. */
  const live = new Set<Item>()
  let liveBytes = 0
  let pumping = false
  let expiry: NodeJS.Timeout | undefined

  function settle(item: Item, error?: Error): void {
    if (!live.delete(item)) return
    liveBytes -= item.size
    if (error === undefined) item.resolve()
    else item.reject(error)
  }

  function armExpiry(): void {
    const [oldest] = live
    if (expiry !== undefined || oldest === undefined) return
    expiry = setTimeout(expire, Math.max(1, oldest.deadline - performance.now()))
  }

  function expire(): void {
    expiry = undefined
    const now = performance.now()
    for (const item of live) {
      if (item.deadline > now) break
      settle(item, new NotAcknowledged(`no acknowledgement from Kafka within ${limits.ackWithinMs} ms`))
    }
    armExpiry()
  }

  /** The next call's records, in order; stops where a topic has its fill. */
  function take(): Item[] {
    const batch: Item[] = []
    const bytes = new Map<string, number>()
    while (head < queue.length && batch.length < limits.maxBatch) {
      const item = queue[head]
      if (item !== undefined && live.has(item)) {
        const before = bytes.get(item.topic)
        if (before !== undefined && before + item.size > limits.maxBatchBytes) break
        bytes.set(item.topic, (before ?? 0) + item.size)
        batch.push(item)
      }
      head += 1
    }
    if (head === queue.length || head > 4_096) {
      queue = queue.slice(head)
      head = 0
    }
    return batch
  }

  async function pump(): Promise<void> {
    for (let batch = take(); batch.length > 0; batch = take()) {
      const begun = performance.now()
      let error: unknown
      try {
        await send(byTopic(batch))
      } catch (cause) {
        error = cause ?? new Error('unknown')
      }
      const failure =
        error === undefined ? undefined : new NotAcknowledged('Kafka did not take the record', { cause: error })
      for (const item of batch) settle(item, failure)
      onSent?.({ records: batch.length, tookMs: performance.now() - begun, ...(error === undefined ? {} : { error }) })
    }
    pumping = false
  }

  return {
    async add({ topic, message, size }) {
      if (live.size >= limits.maxQueued || liveBytes + size > limits.maxQueuedBytes) {
        throw new QueueFull(`${live.size} records (${liveBytes} bytes) wait for Kafka already`)
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const deadline = performance.now() + limits.ackWithinMs
      const item: Item = { topic, message, size, deadline, settled: promise, resolve, reject }
      live.add(item)
      liveBytes += size
      queue.push(item)
      armExpiry()
      if (!pumping) {
        pumping = true
        setImmediate(() => void pump())
      }
      await promise
    },
    async flush() {
      await Promise.allSettled([...live].map((item) => item.settled))
    },
    abandon() {
      for (const item of live) settle(item, new NotAcknowledged('the publisher was closed'))
      clearTimeout(expiry)
    },
    get depth() {
      return live.size
    },
    get queuedBytes() {
      return liveBytes
    },
  }
}

function byTopic(batch: readonly Item[]): TopicMessages[] {
  const topics = new Map<string, Message[]>()
  for (const { topic, message } of batch) {
    const messages = topics.get(topic)
    if (messages === undefined) topics.set(topic, [message])
    else messages.push(message)
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }))
}
