import { join } from 'node:path'
import { type ServiceProcess, startServiceProcess } from '@varai/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

let service: ServiceProcess
let url: string

beforeAll(async () => {
  service = startServiceProcess(join(import.meta.dirname, 'main.ts'), { PORT: '0' })
  url = String((await service.logged('http.listening'))['url'])
})
afterAll(async () => {
  expect(await service.stop()).toBe(0)
})

test('it is alive and ready, and says that it takes nothing yet', async () => {
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  const status = await fetch(url)
  expect([status.status, await status.json()]).toMatchObject([200, { service: 'ingest-magento', accepting: false }])
  expect(await service.logged('service.not-accepting-yet')).toMatchObject({ level: 'warn' })
})

test.each(['POST', 'GET', 'PUT'])('a delivery by %s is not accepted, told so, logged and counted', async (method) => {
  const body = method === 'GET' ? null : JSON.stringify({ id: 1, filler: 'x'.repeat(300_000) })
  const answer = await fetch(`${url}/webhooks/magento`, { method, body })
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '3600'])
  expect(await answer.json()).toMatchObject({ error: 'not accepting deliveries yet' })
  expect(await service.logged('delivery.refused')).toMatchObject({ level: 'warn', path: '/webhooks/magento' })
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toMatch(/^varai_ingest_magento_deliveries_refused_total\{.*\} [1-9]/m)
})

test('other paths are not found', async () => {
  expect((await fetch(`${url}/webhooks/magentoX`, { method: 'POST' })).status).toBe(404)
})
