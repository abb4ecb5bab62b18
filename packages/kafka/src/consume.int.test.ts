import type {} from '@varai/dev-stack/vitest'
import { deadLetterTopic, laneTopic, retryTopic } from '@varai/schemas'
import { waitUntil } from '@varai/testkit'
import { describe, expect, inject, test } from 'vitest'
import { eventLanes } from './consume-lanes.ts'
import { done, rejected, retryLater } from './outcome.ts'
import {
  consumerOf,
  deadLettersOf,
  eventIds,
  inventory,
  type TestKafka,
  testConsumer,
  testKafka,
} from './test-stack.ts'
import { topicsInfo } from './topics.ts'

const high = laneTopic('high')
const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index))

/** What the group has not committed. */
async function lagOf(kafka: Parameters<typeof topicsInfo>[0], topic: string, group: string): Promise<number> {
  const info = await topicsInfo(kafka)
  const found = info.find(({ name }) => name === topic)?.groups.find((of) => of.group === group)
  return found?.lag ?? Number.NaN
}

/** The dead letters, as soon as there are so many. */
const deadLetters = ({ kafka }: TestKafka, count: number) =>
  waitUntil(async () => {
    const found = await deadLettersOf(kafka)
    return found.length === count ? found : undefined
  })

describe('publishing and consuming', () => {
  test('every record arrives once, decoded, with its headers, and those of one key in order', async () => {
    const stack = await testKafka(inject('stack'), [high])
    const { seen, consumer } = await testConsumer(stack)
    await Promise.all(
      numbers(3_000).map((id) =>
        stack.publisher.publish({
          ...inventory(high, id, `key ${Number(id) % 7}`),
          headers: { traceparent: `00-${id}` },
        }),
      ),
    )
    await waitUntil(() => seen.length >= 3_000)
    expect(new Set(eventIds(seen)).size).toBe(3_000)
    for (const key of numbers(7).map((digit) => `key ${digit}`)) {
      const ids = eventIds(seen.filter((record) => record.key === key)).map(Number)
      expect(ids).toEqual([...ids].sort((one, other) => one - other))
    }
    expect(seen[0]).toMatchObject({ topic: high, record: 'InventoryStated', attempt: 0 })
    expect(seen.map(({ headers }) => headers['traceparent']).sort()).toEqual(
      numbers(3_000)
        .map((id) => `00-${id}`)
        .sort(),
    )
    await waitUntil(async () => (await lagOf(stack.kafka, high, 'sync-core.high')) === 0)
    expect(consumer.lag()).toEqual({ high: 0 })
    expect(consumer.ready).toBe(true)
  })

  test('a group that starts late reads the backlog from the beginning, in large batches', async () => {
    const stack = await testKafka(inject('stack'), [high])
    await Promise.all(numbers(2_000).map((id) => stack.publisher.publish(inventory(high, id))))
    const { seen, batches } = await testConsumer(stack, { maxRecords: 1_500 })
    await waitUntil(() => seen.length === 2_000)
    expect(batches.map(({ length }) => length)).toEqual([1_500, 500])
  })
})

describe('what does not go well', () => {
  test('a handler that throws gets its records again, and nothing is committed until it does not', async () => {
    const stack = await testKafka(inject('stack'), [high], { partitions: 1 })
    let failures = 3
    const { seen } = await testConsumer(stack, {
      each: () => {
        if (failures === 0) return done
        failures -= 1
        throw new Error('database away')
      },
    })
    await stack.publisher.publish(inventory(high, 'a'))
    await waitUntil(() => seen.length === 4)
    expect(eventIds(seen)).toEqual(['a', 'a', 'a', 'a'])
    await waitUntil(async () => (await lagOf(stack.kafka, high, 'sync-core.high')) === 0)
  })

  test('a partition that always fails holds up no other, and its members stay in the group', async () => {
    const stack = await testKafka(inject('stack'), [high], { partitions: 2 })
    const { seen, consumer } = await testConsumer(stack, {
      sessionTimeoutMs: 6_000,
      each: ({ partition }) => {
        if (partition === 0) throw new Error('a bug')
        return done
      },
    })
    await Promise.all(numbers(40).map((id) => stack.publisher.publish(inventory(high, id))))
    const of = (partition: number) => seen.filter((record) => record.partition === partition)
    await waitUntil(() => of(0).length > 60 && of(1).length > 0)
    const inOther = of(1)
    // Once with the failing partition, once alone: then never again.
    expect(inOther.length).toBeLessThanOrEqual(2 * new Set(inOther.map(({ offset }) => offset)).size)
    expect(consumer.ready).toBe(true)
  })

  test('poison becomes a dead letter with its original bytes; everything else goes on', async () => {
    const stack = await testKafka(inject('stack'), [high, deadLetterTopic], { partitions: 1 })
    const { seen } = await testConsumer(stack, {
      each: (record) => (eventIds([record])[0] === 'b' ? rejected('no such store') : done),
    })
    const poison = Buffer.from([0, 0, 0, 0, 1, 255, 254, 253, 0, 128])
    await stack.publisher.publishRaw({ topic: high, key: 'k', bytes: poison, headers: { traceparent: '00-abc' } })
    await Promise.all(['a', 'b', 'c'].map((id) => stack.publisher.publish(inventory(high, id))))
    await waitUntil(() => seen.length === 3)
    const letters = await deadLetters(stack, 2)
    const [undecodable, refused] = letters.sort(
      (one, other) => Number(one.origin?.offset) - Number(other.origin?.offset),
    )
    expect(undecodable).toMatchObject({
      service: 'sync-core',
      attempts: 1,
      key: 'k',
      bytes: poison,
      headers: { traceparent: '00-abc' },
      origin: { topic: high, partition: 0, offset: '0' },
    })
    expect(undecodable?.reason).toMatch(/^(bad-bytes|unknown-record|unknown-schema|unresolvable)/)
    expect(refused).toMatchObject({ reason: 'no such store', origin: { offset: '2' } })
    await expect(stack.codec.decode(refused?.bytes ?? null)).resolves.toMatchObject({
      ok: true,
      record: 'InventoryStated',
    })
  })

  test('a retry comes back no earlier than asked, with its count; after the last attempt it is a dead letter', async () => {
    const retries = retryTopic('sync-core', 'apply')
    const stack = await testKafka(inject('stack'), [high, retries, deadLetterTopic], { partitions: 1 })
    const times: number[] = []
    const { seen } = await testConsumer(stack, {
      retry: { step: 'apply', attempts: 3 },
      each: () => {
        times.push(Date.now())
        return retryLater(400, 'store answers 429')
      },
    })
    await stack.publisher.publish(inventory(high, 'a'))
    const [letter] = await deadLetters(stack, 1)
    expect(seen.map(({ topic, attempt }) => [topic, attempt])).toEqual([
      [high, 0],
      [retries, 1],
      [retries, 2],
    ])
    for (const [index, time] of times.entries()) {
      if (index > 0) expect(time - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(400)
    }
    expect(letter).toMatchObject({
      reason: 'retries-exhausted: store answers 429',
      attempts: 3,
      origin: { topic: high, partition: 0, offset: '0' },
    })
    expect(letter?.firstFailedAt).toBeLessThan(letter?.at ?? 0)
    await waitUntil(async () => (await lagOf(stack.kafka, retries, 'sync-core.retry')) === 0)
  })

  test('a delay of an hour does not hold up one of a moment behind it', async () => {
    const retries = retryTopic('sync-core', 'apply')
    const stack = await testKafka(inject('stack'), [high, retries], { partitions: 1 })
    const { seen } = await testConsumer(stack, {
      retry: { step: 'apply', holdMs: 300 },
      each: (record) => {
        if (record.attempt > 0) return done
        return retryLater(eventIds([record])[0] === 'slow' ? 3_600_000 : 100, 'busy')
      },
    })
    await stack.publisher.publish(inventory(high, 'slow'))
    await stack.publisher.publish(inventory(high, 'quick'))
    await waitUntil(() => eventIds(seen.filter(({ attempt }) => attempt === 1)).includes('quick'))
    expect(eventIds(seen.filter(({ attempt }) => attempt === 1))).toEqual(['quick'])
  })
})

describe('several lanes in one process', () => {
  test('high goes before low, and low moves on while high is busy', async () => {
    const low = laneTopic('low')
    const stack = await testKafka(inject('stack'), [high, low], { partitions: 1 })
    const publish = (topic: string, count: number) =>
      Promise.all(numbers(count).map((id) => stack.publisher.publish(inventory(topic, id))))
    await publish(low, 200)
    await publish(high, 200)
    const { batches } = await testConsumer(stack, { lanes: eventLanes(['high', 'low']), maxRecords: 10, patience: 4 })
    await waitUntil(() => batches.length === 40)
    const turns = batches.map(([first]) => first?.topic)
    const lastHigh = turns.lastIndexOf(high)
    const between = turns.slice(turns.indexOf(high), lastHigh)
    // 20 turns of high; low has its share of one in five among them, and most of its work still before it.
    expect(between.filter((topic) => topic === low).length).toBeGreaterThanOrEqual(2)
    expect(between.filter((topic) => topic === low).length).toBeLessThanOrEqual(8)
  })
})

describe('stopping', () => {
  test('finishes and commits the batch in hand, leaves the group, and the next process goes on from there', async () => {
    const stack = await testKafka(inject('stack'), [high], { partitions: 1 })
    await Promise.all(numbers(30).map((id) => stack.publisher.publish(inventory(high, id))))
    const release = Promise.withResolvers<void>()
    const first = await testConsumer(stack, {
      maxRecords: 10,
      each: async () => {
        await release.promise
        return done
      },
    })
    await waitUntil(() => first.seen.length === 10)
    const stopped = first.consumer.stop()
    expect(first.consumer.ready).toBe(false)
    release.resolve()
    await stopped
    expect(first.seen).toHaveLength(10)
    expect(await lagOf(stack.kafka, high, 'sync-core.high')).toBe(20)

    const second = await testConsumer(stack)
    await waitUntil(() => second.seen.length === 20)
    expect(eventIds([...first.seen, ...second.seen])).toEqual(numbers(30))
  })

  test('who still waits for its group has nothing in hand, and ends before a member that has', async () => {
    const stack = await testKafka(inject('stack'), [high], { partitions: 1 })
    await stack.publisher.publish(inventory(high, 'slow'))
    const release = Promise.withResolvers<void>()
    const member = await testConsumer(stack, {
      each: async () => {
        await release.promise
        return done
      },
    })
    await waitUntil(() => member.seen.length === 1)
    const waiting = consumerOf(stack)
    const joining = waiting.consumer.start().catch(() => 'stopped')
    const admin = stack.kafka.client.admin()
    const group = stack.kafka.named('sync-core.high')
    await waitUntil(async () => (await admin.describeGroups([group])).groups[0]?.state === 'PreparingRebalance')
    await admin.disconnect()
    const ends = [member, waiting].map(({ consumer }, index) => consumer.stop().then(() => index))
    expect(await Promise.race(ends)).toBe(1)
    release.resolve()
    await Promise.all(ends)
    await joining
  })

  test('a second process takes over partitions, and nothing is lost or left', async () => {
    const stack = await testKafka(inject('stack'), [high], { partitions: 4 })
    const first = await testConsumer(stack)
    let published = 0
    let enough = false
    const publishing = (async () => {
      for (; !enough; published += 1) await stack.publisher.publish(inventory(high, String(published)))
    })()
    await waitUntil(() => first.seen.length > 100)
    const second = await testConsumer(stack)
    await waitUntil(() => second.seen.length > 100)
    await first.consumer.stop()
    const taken = second.seen.length
    await waitUntil(() => second.seen.length > taken + 100)
    enough = true
    await publishing
    await waitUntil(() => new Set(eventIds([...first.seen, ...second.seen])).size === published)
    await waitUntil(async () => (await lagOf(stack.kafka, high, 'sync-core.high')) === 0)
  })
})
