import { randomUUID } from 'node:crypto'
import { deliver, type Sendable } from '@varai/simulator'
import type { Check } from '../runner.ts'
import { watchMemory } from '../system/resident-memory.ts'
import { type EdgeContext, fromSomewhere } from './open-edge.ts'
import { type HtmlStore, stores } from './stores.ts'

const eventsPerSecond = 10_000
/** As many as a page may send at once. */
const eventsPerRequest = 50
const requestsPerSecond = eventsPerSecond / eventsPerRequest
/** What is offered may fall behind by so much: this machine has to make it as well. */
const offeredAtLeast = 0.95

const megabyte = 1_000_000
/** As much as the chart gives the process. */
const mayHave = 512 * 1_048_576
/** The second half of the time may need so much more than the first. */
const mayDrift = 40 * megabyte
const warmUpSeconds = 3
/** Kafka may be too slow for so many of them on a machine that does other things besides: told to come again, by 503. */
const lateAtMost = 0.05
/** Whoever is not answered by then is not answered at all. */
const patienceMs = 60_000

/** Far more than one key may bring is offered to one process: it answers everybody, and does not grow. */
export const flood: Check<EdgeContext> = {
  title: '10,000 browser events a second offered to one process: each request answered, with 200 or 429, memory flat',
  async run(context) {
    const seconds = context.short ? 5 : 30
    const service = context.system.service('ingest-html')
    await service.restart()
    const offer = async (forSeconds: number) => {
      const pages = pagesOf(stores.crowd, forSeconds * requestsPerSecond)
      const report = await deliver(pages.requests, {
        url: () => context.doors.page(stores.crowd),
        // Nobody waits for anybody else's answer.
        ...{ rate: requestsPerSecond, concurrency: forSeconds * requestsPerSecond, retryOnFailure: false },
        timeout: patienceMs,
      })
      return { ...report, offered: pages.rate() }
    }
    // A process that has just begun lets its heap grow until it has its size.
    await offer(warmUpSeconds)
    const memory = await watchMemory(service.pid)
    const taken = (outcome: string) => context.metric('ingest-html', 'varai_ingest_html_items_total', outcome)
    try {
      const [start, acceptedBefore] = [memory.now, await taken('outcome="accepted"')]
      const peaks: number[] = []
      const looking = setInterval(() => peaks.push(memory.takePeak()), 500)
      const report = await offer(seconds).finally(() => clearInterval(looking))
      const accepted = (await taken('outcome="accepted"')) - acceptedBefore
      peaks.push(memory.takePeak())
      const half = Math.ceil(peaks.length / 2)
      const [first, second] = [Math.max(start, ...peaks.slice(0, half)), Math.max(...peaks.slice(half))]
      const others = Object.keys(report.byStatus).filter((status) => !['200', '429', '503'].includes(status))
      const isInTime = (report.byStatus['503'] ?? 0) <= report.deliveries * lateAtMost
      const isOffered = report.offered >= eventsPerSecond * offeredAtLeast
      return {
        holds:
          others.length === 0 &&
          isInTime &&
          isOffered &&
          second - first < mayDrift &&
          Math.max(first, second) < mayHave,
        figures: [
          `${report.deliveries} requests of ${eventsPerRequest} events: ${report.offered.toFixed(0)} events/s offered, all answered after ${report.seconds.toFixed(1)} s, ${accepted} events taken, ${(accepted / report.seconds).toFixed(0)} a second`,
          `answers ${JSON.stringify(report.byStatus)}, half of them within ${report.latency.p50.toFixed(0)} ms, 99 % within ${report.latency.p99.toFixed(0)} ms`,
          `resident memory: ${mb(start)} MB at the start, at most ${mb(first)} MB in the first half of the time and ${mb(second)} MB in the second`,
        ],
      }
    } finally {
      memory.stop()
    }
  },
}

const mb = (bytes: number): string => (bytes / megabyte).toFixed(0)

/** Requests whose bytes are made when they are sent; and how many events a second that was in the end. */
function pagesOf({ origin }: HtmlStore, count: number) {
  let [sent, first, last] = [0, 0, 0]
  const requests = Array.from({ length: count }, (): Sendable => {
    const headers = { 'content-type': 'text/plain', origin, ...fromSomewhere() }
    return {
      headers,
      get body() {
        last = performance.now()
        if (sent === 0) first = last
        sent += 1
        return batch(randomUUID())
      },
    }
  })
  return { requests, rate: () => ((sent - 1) * eventsPerRequest * 1_000) / (last - first) }
}

function batch(sessionId: string): Buffer {
  const now = new Date().toISOString()
  const events = Array.from({ length: eventsPerRequest }, (_, number) => ({
    ...{ id: `${sessionId}-${number}`, event: 'product_viewed', occurredAt: now, sessionId, consentLevel: 'basic' },
    data: { productId: String(8_000_000 + number), properties: { surface: 'list', position: String(number) } },
  }))
  return Buffer.from(JSON.stringify({ sentAt: now, events }))
}
