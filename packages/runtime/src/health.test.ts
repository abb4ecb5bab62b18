import { createServer, request } from 'node:http'
import { afterEach, expect, test, vi } from 'vitest'
import { createHealth, type HealthCheck } from './health.ts'
import { createMetrics } from './metrics.ts'
import { serveHealth, urlOf } from './serve-health.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function served(checks: Record<string, HealthCheck> = {}) {
  const stop = new AbortController()
  const metrics = createMetrics('test')
  const health = createHealth({ metrics, checks, checkWithinMs: 50, stopping: stop.signal })
  const server = await serveHealth({ health, port: 0, host: '127.0.0.1' })
  closing.push(server.close)
  const get = async (path: string, method = 'GET') => {
    const response = await fetch(`${server.url}${path}`, { method })
    return { status: response.status, text: await response.text() }
  }
  const ready = async () => {
    const { status, text } = await get('/readyz')
    return [status, JSON.parse(text)]
  }
  return { health, server, get, ready, stop }
}

test('a process is ready when every check passes; the body names those that do not', async () => {
  const mongo = vi.fn<HealthCheck>().mockRejectedValueOnce(new Error('no answer from mongodb://u:p@db'))
  const { ready } = await served({ mongo, stores: () => 'a bad newer stores file is ignored' })
  const stores = 'a bad newer stores file is ignored'
  expect(await ready()).toEqual([
    503,
    { ready: false, failing: { mongo: 'no answer from mongodb://…@db' }, passing: { stores } },
  ])
  expect(await ready()).toEqual([200, { ready: true, failing: {}, passing: { mongo: 'ok', stores } }])
})

test('a check that hangs counts as failing', async () => {
  const { ready } = await served({ redis: () => new Promise(() => undefined) })
  expect(await ready()).toEqual([503, { ready: false, failing: { redis: 'no answer within 50 ms' }, passing: {} }])
})

test('not ready before the first check is added, nor once it is stopping; alive all the time', async () => {
  const { health, ready, get, stop } = await served()
  expect(await ready()).toEqual([503, { ready: false, failing: { process: 'starting' }, passing: {} }])
  const remove = health.add('consumer', () => undefined)
  expect((await ready())[0]).toBe(200)
  remove()
  expect((await ready())[0]).toBe(503)
  health.add('consumer', () => undefined)
  stop.abort()
  expect(await ready()).toEqual([503, { ready: false, failing: { process: 'stopping' }, passing: {} }])
  const alive = await get('/healthz')
  expect(alive.status).toBe(200)
  expect(JSON.parse(alive.text)).toMatchObject({ alive: true, eventLoopDelayMs: { p99: expect.any(Number) } })
})

test('metrics are served; other paths and methods are refused', async () => {
  const { get } = await served()
  expect((await get('/metrics?x=1')).text).toContain('process_cpu_seconds_total')
  expect((await get('/')).status).toBe(404)
  expect((await get('/readyz', 'POST')).status).toBe(405)
})

test('not ready any more once told to stop', async () => {
  const { health, ready } = await served({ all: () => undefined })
  health.stopping()
  expect((await ready())[0]).toBe(503)
})

test('as a middleware it leaves what it does not know to the next one', async () => {
  const health = createHealth({ metrics: createMetrics('test'), checks: { all: () => undefined } })
  const server = createServer((incoming, response) => health.handler(incoming, response, () => response.end('next')))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => void server.close())
  expect(await (await fetch(`${urlOf(server.address())}/webhooks/shopify`)).text()).toBe('next')
  expect((await fetch(`${urlOf(server.address())}/readyz`)).status).toBe(200)
})

test('a taken address rejects the start; an idle keep-alive connection does not hold up the close', async () => {
  const { health, server } = await served({ all: () => undefined })
  const port = Number(new URL(server.url).port)
  await expect(serveHealth({ health, port, host: '127.0.0.1' })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  const idle = request(`${server.url}/healthz`, { headers: { connection: 'keep-alive' } })
  await new Promise<void>((resolve) => idle.on('response', (r) => r.resume().on('end', resolve)).end())
  await server.close()
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow()
})
