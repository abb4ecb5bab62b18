import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { components } from '../addresses.ts'
import { planContainer } from './plan.ts'

const composeFile = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      user: z.string().optional(),
      command: z.array(z.string()).default([]),
      volumes: z.array(z.string()),
      environment: z.record(z.string(), z.coerce.string()).default({}),
    }),
  ),
})
const root = join(import.meta.dirname, '../../../..')
const { services } = composeFile.parse(parse(readFileSync(join(root, 'compose.yaml'), 'utf8')))

test.each(components)('%s is the same container in compose.yaml and in testcontainers', (component) => {
  const plan = planContainer(
    component,
    '127.0.0.1',
    { kafka: 9092, registry: 8080, mongo: 27017, redis: 6379 }[component],
  )
  const composed = services[component]
  expect(composed?.image).toBe(plan.image)
  expect(composed?.user).toBe(plan.user)
  expect(composed?.volumes).toEqual([`${component}:${plan.dataFolder}`])
  expect(plan.command.slice(0, composed?.command.length)).toEqual(composed?.command)
  expect(plan.env).toMatchObject(composed?.environment ?? {})
})

test('the address given out names the host and its port, not those inside the container', () => {
  const { address, env } = planContainer('kafka', 'docker.example', 21_000)
  expect(address).toEqual({ kafka: { brokers: ['docker.example:21000'] } })
  expect(env['KAFKA_ADVERTISED_LISTENERS']).toBe('PLAINTEXT://docker.example:21000')
  expect(env['KAFKA_PROCESS_ROLES']).toBe('broker,controller')
})
