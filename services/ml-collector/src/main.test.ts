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

test('it is alive and ready, and says that it does not collect yet', async () => {
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  const readiness = await fetch(`${url}/readyz`)
  expect([readiness.status, await readiness.json()]).toEqual([
    200,
    { ready: true, failing: {}, passing: { lanes: 'not joined yet' } },
  ])
  const status = await fetch(url)
  expect([status.status, await status.json()]).toMatchObject([200, { service: 'ml-collector', collecting: false }])
  expect(await service.logged('service.not-collecting-yet')).toMatchObject({ level: 'warn' })
})

test('all else is refused', async () => {
  expect((await fetch(`${url}/rows`)).status).toBe(404)
  const posted = await fetch(url, { method: 'POST', body: 'x' })
  expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
})
