import type { Metrics } from '@varai/runtime'
import { type Speaker, serverEvents } from './pure/api-events.ts'

export type ApiMetrics = {
  item(of: {
    readonly speaker: Speaker
    readonly event: string | undefined
    readonly outcome: 'accepted' | 'rejected'
  }): void
  answered(of: { readonly speaker: Speaker; readonly status: number; readonly tookMs: number }): void
}

const known: ReadonlySet<string> = new Set(serverEvents)

export function createApiMetrics(
  metrics: Metrics,
  underWay: () => { readonly requests: number; readonly bytes: number },
): ApiMetrics {
  const items = metrics.counter({
    what: 'items',
    help: 'Events of batches, by who sent them and what became of them',
    labels: ['speaker', 'event', 'outcome'],
  })
  const took = metrics.histogram({
    what: 'request',
    unit: 'seconds',
    help: 'From the first byte of a request to its answer',
    labels: ['speaker', 'status'],
  })
  metrics.gauge({
    what: 'requests_under_way',
    help: 'Requests that are being read or published',
    collect: (gauge) => gauge.set(underWay().requests),
  })
  metrics.gauge({
    what: 'requests_under_way',
    unit: 'bytes',
    help: 'What has arrived of them',
    collect: (gauge) => gauge.set(underWay().bytes),
  })
  return {
    // A sender chooses the name of its event.
    item: ({ speaker, event = '', outcome }) =>
      items.inc({ speaker, outcome, event: known.has(event) ? event : 'other' }),
    answered: ({ speaker, status, tookMs }) => took.observe({ speaker, status: String(status) }, tookMs / 1_000),
  }
}
