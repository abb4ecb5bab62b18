import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ProcessEnded } from './process/supervise.ts'
import { type Service, type ServiceOptions, startService } from './start-service.ts'

let stateDir: string
let services: Service[] = []
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'varai-service-'))
})
afterEach(async () => {
  await Promise.all(services.map((service) => service.stop()))
  services = []
  await rm(stateDir, { recursive: true })
})

const entry = join(import.meta.dirname, 'test-service.ts')
async function start(more: Partial<ServiceOptions> = {}): Promise<Service> {
  const service = await startService({ name: 'small', entry, stateDir, ...more })
  services.push(service)
  return service
}
const pidAt = async (url: string) => Number(await (await fetch(`${url}/pid`)).text())

test('is ready when it says so, and a stop lets it end by itself', async () => {
  const service = await start()
  expect((await fetch(`${service.url}/readyz`)).status).toBe(200)
  expect(await pidAt(service.url)).toBe(service.pid)
  expect(await service.stop()).toMatchObject({ code: 0, signal: null, wanted: true })
  await expect(fetch(service.url)).rejects.toThrow()
})

test('killed and restarted it has the same address and another pid', async () => {
  let died: unknown
  const service = await start({
    died: (error) => {
      died = error
    },
  })
  const { pid, url, exited } = service
  await service.kill()
  expect(await exited).toMatchObject({ signal: 'SIGKILL', wanted: true })
  await service.restart()
  expect(service.url).toBe(url)
  expect(await pidAt(url)).toBe(service.pid)
  expect(service.pid).not.toBe(pid)
  expect(died).toBeUndefined()
})

test('that dies is named with the end of its log', async () => {
  const died = Promise.withResolvers<ProcessEnded>()
  const service = await start({ died: died.resolve })
  await fetch(`${service.url}/crash`).catch(() => undefined)
  expect((await died.promise).message).toMatch(/^small ended unexpectedly \(exit code 3\).*it went wrong on purpose/s)
  expect(await service.exited).toMatchObject({ code: 3, wanted: false })
})

test('that cannot start is named with the end of its log', async () => {
  const refused = start({ env: { ...process.env, REFUSE: 'SHOP_SECRET is missing' } })
  await expect(refused).rejects.toThrow(ProcessEnded)
  await expect(refused).rejects.toThrow(/^small ended before it was ready \(exit code 1\).*SHOP_SECRET is missing/s)
})

test('that never becomes ready is ended and named', async () => {
  const stuck = start({ readyUrl: 'http://127.0.0.1:9/', readyWithinMs: 300 })
  await expect(stuck).rejects.toThrow(/^small was not ready after/)
})

test('paused by a test it can still be stopped', async () => {
  const service = await start()
  await service.kill('SIGSTOP')
  expect(await service.stop()).toMatchObject({ code: 0 })
})
