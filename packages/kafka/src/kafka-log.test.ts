import { createLog } from '@varai/runtime'
import { testClock } from '@varai/testkit'
import { logLevel } from 'kafkajs'
import { expect, test } from 'vitest'
import { createKafkaLog } from './kafka-log.ts'

/** The lines that kafkajs' log leaves in ours. */
function kafkajsSays() {
  const clock = testClock()
  const lines: Record<string, unknown>[] = []
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) }
  const write = createKafkaLog(createLog({ service: 'test', destination }), clock.now)(logLevel.INFO)
  const say = (level: logLevel, message: string, extra: object = {}) =>
    write({ namespace: 'Connection', level, label: '', log: { message, timestamp: '', logger: 'kafkajs', ...extra } })
  return { say, lines, clock }
}

test('errors that kafkajs retries are warnings; what it tells by the way is not for the log', () => {
  const { say, lines } = kafkajsSays()
  say(logLevel.ERROR, 'Connection error', {
    broker: 'b:1',
    error: 'refused',
    stack: 'at …',
    payload: { email: 'ann@example.com' },
  })
  say(logLevel.INFO, 'Consumer has joined the group')
  say(logLevel.WARN, 'Limiting retries for the idempotent producer may invalidate EoS guarantees')
  expect(lines).toMatchObject([
    { level: 'warn', msg: 'kafka.client: Connection error', broker: 'b:1', cause: 'refused' },
  ])
  expect(lines[0]).not.toHaveProperty('stack')
  expect(lines[0]).not.toHaveProperty('payload')
})

test('what is said again and again is written once in a while, with how often it was said', () => {
  const { say, lines, clock } = kafkajsSays()
  for (let time = 0; time < 50; time += 1) say(logLevel.ERROR, 'Connection error: ECONNREFUSED')
  say(logLevel.ERROR, 'Connection timeout')
  clock.advance(10_000)
  say(logLevel.ERROR, 'Connection error: ECONNREFUSED')
  expect(lines.map(({ msg, repeated }) => [msg, repeated])).toEqual([
    ['kafka.client: Connection error: ECONNREFUSED', undefined],
    ['kafka.client: Connection timeout', undefined],
    ['kafka.client: Connection error: ECONNREFUSED', 49],
  ])
})
