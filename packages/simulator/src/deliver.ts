import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { type Arrangement, arrange } from './arrange.ts'

/** What a request consists of. Sending it again sends the same bytes under the same headers, as Shopify's retries do. */
export type Sendable = { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array }

export type DeliverOptions<S extends Sendable = Sendable> = Arrangement & {
  /** Where to POST, the whole address; asked anew for each attempt when it is a function. */
  url: string | (() => string)
  /** Requests in flight at most, each on a connection that is kept. Default 16. */
  concurrency?: number
  /** Whether what is not answered as wanted is sent again until it is. Default true. */
  retryOnFailure?: boolean
  /** Asked once for each answer, with its HTTP status: whether it is what this delivery wants. Default: 2xx. */
  wanted?: (delivery: S, status: number) => boolean
  /** Requests per second at most. Default: as fast as they are answered. */
  rate?: number
  /** Longest wait for one answer, ms. Default 10,000. */
  timeout?: number
  /** Longest time for everything, ms. Default 600,000. */
  deadline?: number
  signal?: AbortSignal
}

export type DeliverReport = {
  /** `done`: every delivery was answered as wanted, or once where failures are not retried. */
  ended: 'done' | 'deadline' | 'aborted'
  /** Deliveries, each repetition counted, that were taken up. */
  deliveries: number
  accepted: number
  /** Attempts beyond the first of a delivery. */
  retries: number
  /** Answers by HTTP status, and attempts without an answer by error code. */
  byStatus: Record<string, number>
  /** Time from sending to answer, ms, of the attempts that were answered. */
  latency: { p50: number; p99: number; max: number }
  seconds: number
}

/** Waits between attempts, ms: Shopify waits minutes, which would show nothing more. */
const firstPause = 25
const longestPause = 1_000

/**
 * Sends deliveries as Shopify does: in any order, again and again until each is accepted. Resolves when all are, or
 * when the time is up or the signal says so; the report tells which. Never rejects for what a server answers.
 */
export async function deliver<S extends Sendable>(
  deliveries: Iterable<S>,
  options: DeliverOptions<S>,
): Promise<DeliverReport> {
  const { concurrency = 16, retryOnFailure = true, timeout = 10_000, deadline = 600_000 } = options
  const { wanted = (_, status) => status >= 200 && status < 300 } = options
  const tooLate = AbortSignal.timeout(deadline)
  const signal = AbortSignal.any([tooLate, ...(options.signal ? [options.signal] : [])])
  const patience = { headersTimeout: timeout, bodyTimeout: timeout, connect: { timeout } }
  const agent = new Agent({ connections: concurrency, pipelining: 1, ...patience })
  const latency = createHistogram()
  const count = { deliveries: 0, accepted: 0, retries: 0, byStatus: {} as Record<string, number> }
  const queue = arrange(deliveries, options)
  const pace = createPace(options.rate, signal)
  const started = performance.now()

  async function attempt(delivery: S): Promise<boolean> {
    const url = typeof options.url === 'string' ? options.url : options.url()
    const status = await post(url, delivery, agent, signal, latency)
    count.byStatus[status] = (count.byStatus[status] ?? 0) + 1
    return typeof status === 'number' && wanted(delivery, status)
  }

  async function see(delivery: S): Promise<void> {
    count.deliveries += 1
    for (let pause = firstPause; !signal.aborted; pause = Math.min(pause * 2, longestPause)) {
      if (await attempt(delivery)) {
        count.accepted += 1
        return
      }
      if (!retryOnFailure) return
      await pauseFor(pause, signal)
      if (!signal.aborted) count.retries += 1
    }
  }

  async function work(): Promise<void> {
    for (let next = queue.next(); !next.done && !signal.aborted; next = queue.next()) {
      await pace()
      await see(next.value)
    }
  }

  await Promise.all(Array.from({ length: concurrency }, work))
  await agent.destroy()
  return {
    ended: !signal.aborted ? 'done' : tooLate.aborted && !options.signal?.aborted ? 'deadline' : 'aborted',
    ...count,
    latency: {
      p50: milliseconds(latency.percentile(50)),
      p99: milliseconds(latency.percentile(99)),
      max: milliseconds(latency.max),
    },
    seconds: (performance.now() - started) / 1000,
  }
}

/** The HTTP status, or the code of the error that came instead. */
async function post(
  url: string,
  { headers, body }: Sendable,
  dispatcher: Agent,
  signal: AbortSignal,
  latency: RecordableHistogram,
): Promise<number | string> {
  const sent = performance.now()
  try {
    const answer = await request(url, { method: 'POST', headers, body, dispatcher, signal })
    await answer.body.dump()
    latency.record(Math.max(1, Math.round((performance.now() - sent) * 1000)))
    return answer.statusCode
  } catch (error) {
    return codeOf(error)
  }
}

/** Such as ECONNREFUSED; a timeout or an abort has only a name, and a number for a code. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

/** Waits until the next request may start. */
function createPace(rate: number | undefined, signal: AbortSignal): () => Promise<void> {
  if (rate === undefined) return async () => undefined
  let next = performance.now()
  return async () => {
    const now = performance.now()
    const start = Math.max(now, next)
    next = start + 1000 / rate
    if (start > now) await pauseFor(start - now, signal)
  }
}

/** Ends early, and without a rejection, when the signal says so. */
const pauseFor = (ms: number, signal: AbortSignal): Promise<void> =>
  wait(ms, undefined, { signal }).catch(() => undefined)

const milliseconds = (microseconds: number): number => (Number.isFinite(microseconds) ? microseconds / 1000 : 0)
