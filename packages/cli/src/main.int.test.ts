import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type {} from '@varai/dev-stack/vitest'
import { createCodec, createKafka, createPublisher, ensureTopics } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { laneTopic, topicCatalogue } from '@varai/schemas'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { sampleRecord } from './pure/test-events.ts'

const stack = inject('stack')
const name = `cli-main-test-${process.pid}`
const env = {
  PATH: process.env['PATH'],
  KAFKA_BROKERS: stack.kafka.brokers.join(','),
  SCHEMA_REGISTRY_URL: stack.registry.url,
  VARAI_TOPIC_PREFIX: `${name}.`,
}
const log = createLog({ service: name, level: 'silent' })
const kafka = createKafka({ brokers: stack.kafka.brokers, clientId: name, topicPrefix: `${name}.` }, log)
const publisher = createPublisher({ kafka, codec: createCodec({ registryUrl: stack.registry.url, log }), log })

beforeAll(async () => {
  await ensureTopics(kafka, {
    partitions: 1,
    catalogue: topicCatalogue.filter(({ name: topic }) => topic.includes('.events.')),
  })
  await publisher.connect(['OrderStated'])
  const publish = (entityId: number) => {
    const value = sampleRecord('OrderStated', { entityId: String(entityId), eventId: `e${entityId}` })
    return publisher.publish({ topic: laneTopic('medium'), key: String(entityId), record: 'OrderStated', value })
  }
  // More than a pipe holds: the program is still writing when its reader goes away.
  await Promise.all(Array.from({ length: 5_000 }, (_, index) => publish(index)))
})
afterAll(() => publisher.close())

const start = (words: readonly string[]) => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...words], { env, stdio: 'pipe' })
  const errors: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text))
  return { child, errors: () => errors.join(''), closed: once(child, 'close') }
}

test('`varai tail | head`: when the reader goes, it ends quietly', async () => {
  const { child, errors, closed } = start(['tail', '--from-beginning', '--json'])
  await once(child.stdout, 'data')
  child.stdout.destroy()
  expect(await closed).toEqual([0, null])
  expect(errors()).toBe('')
})

test('Ctrl-C, also one that arrives twice, ends it with 0 and all it printed is whole lines', async () => {
  const { child, errors, closed } = start(['tail', '--from-beginning', '--json'])
  const printed: string[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => printed.push(text))
  await once(child.stdout, 'data')
  child.kill('SIGINT')
  child.kill('SIGINT')
  expect(await closed).toEqual([0, null])
  expect(errors()).toBe('')
  expect(printed.join('')).toMatch(/\}\n$/)
})

test('what is printed to a pipe arrives whole, without colours', async () => {
  const { child, closed } = start(['tail', '--from-beginning', '--limit', '4000'])
  const printed: string[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => printed.push(text))
  expect(await closed).toEqual([0, null])
  expect(printed.join('').trimEnd().split('\n')).toHaveLength(4_000)
  expect(printed.join('')).not.toContain('\u001b')
})
