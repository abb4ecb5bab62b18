import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Stack, startStack } from '@varai/dev-stack'
import { deadLetterTopic, laneTopic } from '@varai/schemas'
import { waitUntil } from '@varai/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCodec } from './codec.ts'
import { NotAcknowledged, QueueFull } from './errors.ts'
import { deadLettersOf, eventIds, inventory, silent, testConsumer, testKafka } from './test-stack.ts'

const high = laneTopic('high')
const patient = { withinMs: 60_000 }

/** A stack of its own: what is ended here would disturb every other test. */
let stack: Stack<'kafka' | 'registry'>
let stateDir: string
beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'varai-outage-'))
  stack = await startStack({ stateDir, components: ['kafka', 'registry'], env: withoutAddresses() })
  stack.failure.catch(() => undefined)
})
afterAll(async () => {
  await stack?.stop()
  await rm(stateDir, { recursive: true, force: true })
})

/** Brokers from the environment are not ours to end. */
const withoutAddresses = () => ({ ...process.env, VARAI_KAFKA_BROKERS: '', VARAI_REGISTRY_URL: '' })

describe('Kafka is killed', () => {
  test('twice under load: nothing that was acknowledged is lost, order holds, and the consumer comes back by itself', async () => {
    const kafka = await testKafka(stack.addresses, [high])
    const { seen, crashes, consumer } = await testConsumer(kafka)
    const acknowledged: string[] = []
    let failed = 0
    let publishing = true
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
    const load = Promise.all(
      keys.map(async (key) => {
        for (let number = 0; publishing; number += 1) {
          const id = `${key}:${number}`
          try {
            await kafka.publisher.publish(inventory(high, id, key))
            acknowledged.push(id)
          } catch (error) {
            expect(error).toBeInstanceOf(NotAcknowledged)
            failed += 1
          }
        }
      }),
    )
    for (const _ of ['once', 'twice']) {
      const before = acknowledged.length
      await waitUntil(() => acknowledged.length > before + 500, patient)
      await stack.kill('kafka')
      await stack.restart('kafka')
      const after = acknowledged.length
      const seenBefore = seen.length
      await waitUntil(() => acknowledged.length > after + 200 && seen.length > seenBefore, patient)
    }
    publishing = false
    await load
    const missing = () => {
      const arrived = new Set(eventIds(seen))
      return acknowledged.filter((id) => !arrived.has(id))
    }
    await waitUntil(() => missing().length === 0, { ...patient, what: `all of ${acknowledged.length} acknowledged` })
    for (const key of keys) expect(inOrder(eventIds(seen).filter((id) => id.startsWith(key)))).toBe(true)
    expect(crashes).toEqual([])
    expect(consumer.ready).toBe(true)
    expect(failed).toBeLessThan(acknowledged.length)
  }, 240_000)

  test('while it is away publishing fails in time and within bounds, and works again afterwards', async () => {
    const publisher = { ackWithinMs: 1_000, maxQueued: 50 }
    const kafka = await testKafka(stack.addresses, [high], { publisher })
    await stack.kill('kafka', 'SIGSTOP')
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) => kafka.publisher.publish(inventory(high, String(index)))),
    )
    await stack.kill('kafka', 'SIGCONT')
    const reasons = results.map((result) => (result.status === 'rejected' ? result.reason.constructor : 'sent'))
    expect(reasons.filter((reason) => reason === NotAcknowledged)).toHaveLength(50)
    expect(reasons.filter((reason) => reason === QueueFull)).toHaveLength(50)
    await waitUntil(async () => {
      await kafka.publisher.publish(inventory(high, 'after'))
      return true
    }, patient)
  }, 120_000)
})

describe('the registry is away', () => {
  test('nothing is dead-lettered or committed; when it is back, everything is handled', async () => {
    const kafka = await testKafka(stack.addresses, [high, deadLetterTopic])
    const ids = Array.from({ length: 100 }, (_, index) => String(index))
    await Promise.all(ids.map((id) => kafka.publisher.publish(inventory(high, id))))
    await stack.kill('registry')
    // A process that starts now has read no schema yet.
    const codec = createCodec({ registryUrl: kafka.registryUrl, log: silent })
    const failures: unknown[] = []
    const decodeAll: typeof codec.decodeAll = async (values) => {
      try {
        return await codec.decodeAll(values)
      } catch (error) {
        failures.push(error)
        throw error
      }
    }
    const { seen } = await testConsumer({ ...kafka, codec: { ...codec, decodeAll } })
    await waitUntil(() => failures.length >= 5, patient)
    expect(seen).toEqual([])
    await stack.restart('registry')
    await waitUntil(() => new Set(eventIds(seen)).size === ids.length, patient)
    expect(await deadLettersOf(kafka.kafka)).toEqual([])
  }, 120_000)
})

/** Numbers never go back, but for whole stretches that come again after a restart. */
function inOrder(ids: readonly string[]): boolean {
  const numbers = ids.map((id) => Number(id.split(':')[1]))
  let newest = -1
  for (const [index, number] of numbers.entries()) {
    const repeated = number <= newest
    if (repeated && numbers.indexOf(number) === index) return false
    newest = Math.max(newest, number)
  }
  return true
}
