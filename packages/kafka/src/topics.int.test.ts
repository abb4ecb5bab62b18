import type {} from '@varai/dev-stack/vitest'
import { deadLetterTopic, laneTopic, topicCatalogue } from '@varai/schemas'
import { waitUntil } from '@varai/testkit'
import { describe, expect, inject, test } from 'vitest'
import { withAdmin } from './connection.ts'
import { deadLetter } from './dead-letter.ts'
import { resetGroup } from './reset-group.ts'
import { type TailedRecord, tail } from './tail.ts'
import { deadLettersOf, eventIds, inventory, testConsumer, testKafka } from './test-stack.ts'
import { ensureTopics, topicsInfo } from './topics.ts'

const high = laneTopic('high')
const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index))
const idOf = ({ decoded }: TailedRecord) =>
  decoded.ok && 'eventId' in decoded.value ? decoded.value.eventId : 'not decoded'

describe('topics', () => {
  test('are made from the catalogue once, also by several at once; what differs is told and left', async () => {
    const { kafka } = await testKafka(inject('stack'), [])
    const ensured = await Promise.all([ensureTopics(kafka), ensureTopics(kafka)])
    expect(ensured.flatMap(({ differing }) => differing)).toEqual([])
    const again = await ensureTopics(kafka)
    expect(again).toEqual({ created: [], existing: topicCatalogue.map(({ name }) => name), differing: [] })

    const [lane] = topicCatalogue
    if (lane === undefined) throw new Error('no topics')
    const wanted = { ...lane, partitions: 1, retentionMs: 1_000, config: { ...lane.config, 'segment.ms': '5' } }
    const { differing } = await ensureTopics(kafka, { catalogue: [wanted] })
    const day = 86_400_000
    expect(differing).toEqual([
      { topic: lane.name, setting: 'partitions', expected: '1', actual: String(lane.partitions) },
      { topic: lane.name, setting: 'retention.ms', expected: '1000', actual: String(30 * day) },
      { topic: lane.name, setting: 'segment.ms', expected: '5', actual: String(day) },
    ])
    expect((await ensureTopics(kafka)).differing).toEqual([])
  })

  test('info tells what is in them, and how far behind each group is', async () => {
    const stack = await testKafka(inject('stack'), [high])
    await Promise.all(numbers(10).map((id) => stack.publisher.publish(inventory(high, id))))
    const { consumer } = await testConsumer(stack)
    await waitUntil(async () => (await topicsInfo(stack.kafka))[0]?.groups[0]?.lag === 0)
    await consumer.stop()
    await stack.publisher.publish(inventory(high, 'last'))
    const [info] = await topicsInfo(stack.kafka)
    expect(info).toMatchObject({ name: high, groups: [{ group: 'sync-core.high', lag: 1 }] })
    const records = info?.partitions.reduce((sum, { earliest, latest }) => sum + latest - earliest, 0n)
    expect(records).toBe(11n)
  })
})

describe('starting over', () => {
  test('a stopped group reads everything again; a running one is left alone', async () => {
    const stack = await testKafka(inject('stack'), [high])
    await Promise.all(numbers(20).map((id) => stack.publisher.publish(inventory(high, id))))
    const first = await testConsumer(stack)
    await waitUntil(() => first.seen.length === 20)
    await expect(resetGroup(stack.kafka, 'sync-core.high', [high], 'earliest')).rejects.toThrow(/has members/)
    await first.consumer.stop()
    await resetGroup(stack.kafka, 'sync-core.high', [high], 'earliest')
    const second = await testConsumer(stack)
    await waitUntil(() => second.seen.length === 20)
    expect(eventIds(second.seen).sort()).toEqual(eventIds(first.seen).sort())
  })
})

describe('tailing', () => {
  test('shows what comes from now on, decoded, and leaves no group behind', async () => {
    const stack = await testKafka(inject('stack'), [high])
    await stack.publisher.publish(inventory(high, 'before'))
    const seen: string[] = []
    const stop = new AbortController()
    const from = Date.now()
    const tailing = (async () => {
      for await (const record of tail({ ...stack, topics: [high], from: 'now', signal: stop.signal }))
        seen.push(idOf(record))
    })()
    // It begins where the topic ends when it first looks; a record of every moment is seen from some moment on.
    let published = 0
    await waitUntil(async () => {
      await stack.publisher.publish(inventory(high, `live ${published}`))
      published += 1
      return seen.length >= 3
    })
    stop.abort()
    await tailing
    expect(seen).not.toContain('before')
    expect(seen.every((id) => id.startsWith('live'))).toBe(true)
    const groups = await withAdmin(stack.kafka, (admin) => admin.listGroups())
    expect(groups.groups.filter(({ groupId }) => groupId.startsWith(stack.kafka.named('')))).toEqual([])

    const since: string[] = []
    const replayed = tail({ ...stack, topics: [high], from: { at: from }, untilEnd: true })
    for await (const record of replayed) since.push(idOf(record))
    expect(since.filter((id) => id.startsWith('live'))).toHaveLength(published)
  })

  test('reads from the beginning to the end and ends; also a topic with nothing in it', async () => {
    const low = laneTopic('low')
    const stack = await testKafka(inject('stack'), [high, low])
    await Promise.all(numbers(500).map((id) => stack.publisher.publish(inventory(high, id))))
    const read = async (topic: string) => {
      const found: string[] = []
      for await (const record of tail({ ...stack, topics: [topic], from: 'earliest', untilEnd: true }))
        found.push(idOf(record))
      return found
    }
    expect((await read(high)).sort()).toEqual(numbers(500).sort())
    expect(await read(low)).toEqual([])
  })
})

describe('dead letters', () => {
  test('a delivery that never became a record is kept, key and bytes as given', async () => {
    const { kafka, publisher } = await testKafka(inject('stack'), [deadLetterTopic])
    const at = Date.parse('2026-06-01T12:00:00.123Z')
    const bytes = Buffer.from('sealed:v1:…')
    await deadLetter(publisher, { service: 'ingest-shopify', reason: 'no id; no time', key: 'shop', bytes, at })
    const [letter] = await deadLettersOf(kafka)
    expect(letter).toMatchObject({
      service: 'ingest-shopify',
      reason: 'no id; no time',
      attempts: 1,
      key: 'shop',
      bytes,
      at,
      firstFailedAt: at,
      headers: {},
    })
    expect(letter).not.toHaveProperty('origin')
  })
})
