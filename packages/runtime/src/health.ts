import type { IncomingMessage, ServerResponse } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as after } from 'node:timers/promises'
import { errorText } from './describe-error.ts'
import type { Metrics } from './metrics.ts'

/**
 * Whether one thing that the process needs is there: throws (or rejects) with the reason when not. It may return a
 * note, shown while all is well ("kept the old file: …").
 */
export type HealthCheck = () => unknown

export type Health = {
  /** Adds or replaces a named check; `/readyz` is 200 only while all of them pass. Returns what removes it again. */
  add(name: string, check: HealthCheck): () => void
  /** From now on `/readyz` says no: the process is leaving and must get no new traffic. */
  stopping(): void
  /** Runs every check, each for at most `checkWithinMs`. */
  ready(): Promise<Readiness>
  /**
   * Answers `/healthz`, `/readyz` and `/metrics`. A request handler for express (`app.use(health.handler)`, before
   * anything that reads bodies) and for node:http; what it does not know goes to `next`, or is answered with 404.
   */
  handler(request: IncomingMessage, response: ServerResponse, next?: () => void): void
}

export type Readiness = {
  readonly ready: boolean
  /** Name of each failing check → why. */
  readonly failing: Readonly<Record<string, string>>
  /** Name of each passing check → `ok`, or its note. */
  readonly passing: Readonly<Record<string, string>>
}

/** Until a first check is added the process counts as starting and is not ready. */
export function createHealth(options: {
  readonly metrics: Metrics
  readonly checks?: Readonly<Record<string, HealthCheck>>
  /** `lifecycle.stopping`: once it aborts the process is not ready any more, as by `stopping()`. */
  readonly stopping?: AbortSignal
  /** How long one check may take before it counts as failing; 2 s unless told. */
  readonly checkWithinMs?: number
}): Health {
  const checks = new Map(Object.entries(options.checks ?? {}))
  const withinMs = options.checkWithinMs ?? 2_000
  // A finer timer wakes an idle process fifty times a second, to tell of delays that harm nobody.
  const loopDelay = monitorEventLoopDelay({ resolution: 500 })
  loopDelay.enable()

  let stopping = false

  async function ready(): Promise<Readiness> {
    if (stopping || options.stopping?.aborted) return { ready: false, failing: { process: 'stopping' }, passing: {} }
    if (checks.size === 0) return { ready: false, failing: { process: 'starting' }, passing: {} }
    const failing: Record<string, string> = {}
    const passing: Record<string, string> = {}
    await Promise.all(
      [...checks].map(async ([name, check]) => {
        try {
          passing[name] = await inTime(check, withinMs)
        } catch (error) {
          failing[name] = errorText(error)
        }
      }),
    )
    return { ready: Object.keys(failing).length === 0, failing, passing }
  }

  /** That this is answered at all proves a live event loop; the delay tells how live. The maximum starts anew each time. */
  function alive(response: ServerResponse): void {
    const eventLoopDelayMs = { p99: toMs(loopDelay.percentile(99)), max: toMs(loopDelay.max) }
    loopDelay.reset()
    sendJson(response, 200, { alive: true, uptimeSeconds: Math.round(process.uptime()), eventLoopDelayMs })
  }

  async function answer(path: string, response: ServerResponse): Promise<void> {
    if (path === '/healthz') return alive(response)
    if (path === '/readyz') {
      const state = await ready()
      return sendJson(response, state.ready ? 200 : 503, state)
    }
    const { contentType, text } = await options.metrics.render()
    send(response, 200, contentType, text)
  }

  return {
    add(name, check) {
      checks.set(name, check)
      return () => {
        if (checks.get(name) === check) checks.delete(name)
      }
    },
    stopping() {
      stopping = true
    },
    ready,
    handler(request, response, next) {
      const path = (request.url ?? '').split('?', 1)[0] ?? ''
      if (path !== '/healthz' && path !== '/readyz' && path !== '/metrics') {
        if (next) return next()
        return sendJson(response, 404, { error: 'not found' })
      }
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('allow', 'GET, HEAD')
        return sendJson(response, 405, { error: 'method not allowed' })
      }
      answer(path, response).catch((error: unknown) => sendJson(response, 500, { error: errorText(error) }))
    },
  }
}

async function inTime(check: HealthCheck, withinMs: number): Promise<string> {
  const given = new AbortController()
  const late = after(withinMs, undefined, { signal: given.signal }).then(() => {
    throw new Error(`no answer within ${withinMs} ms`)
  })
  try {
    const note = await Promise.race([Promise.resolve().then(check), late])
    return typeof note === 'string' && note !== '' ? note : 'ok'
  } finally {
    late.catch(() => undefined)
    given.abort()
  }
}

const toMs = (nanoseconds: number): number => (Number.isFinite(nanoseconds) ? Math.round(nanoseconds / 1e6) : 0)

const sendJson = (response: ServerResponse, status: number, body: object): void =>
  send(response, status, 'application/json; charset=utf-8', `${JSON.stringify(body)}\n`)

function send(response: ServerResponse, status: number, contentType: string, text: string): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' })
  response.end(text)
}
