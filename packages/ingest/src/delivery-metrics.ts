import type { Metrics } from '@varai/runtime'
import type { Receipt } from './answer.ts'

export type DeliveryMetrics = {
  /** A verified delivery was answered. `tookMs` from the request's headers on. */
  answered(of: { readonly topic: string; readonly receipt: Receipt['kind']; readonly tookMs: number }): void
  /** A request was turned away; `store` is empty when it named none of ours. */
  refused(of: { readonly reason: string; readonly store: string }): void
  /** How the store's clock stands to ours; both in ms. */
  clock(platformAt: number, receivedAt: number): void
}

/** `topics` bounds the label: a sender chooses the name of its topic. */
export function createDeliveryMetrics(
  metrics: Metrics,
  topics: ReadonlySet<string>,
  underWay: () => { readonly requests: number; readonly bytes: number },
): DeliveryMetrics {
  const deliveries = metrics.counter({
    what: 'deliveries',
    help: 'Verified deliveries, by topic and what became of them',
    labels: ['topic', 'outcome'],
  })
  const refusals = metrics.counter({
    what: 'refused_requests',
    help: 'Requests turned away, by reason and store',
    labels: ['reason', 'store'],
  })
  const took = metrics.histogram({
    what: 'delivery',
    unit: 'seconds',
    help: 'From the first byte of a verified delivery to its answer',
    labels: ['outcome'],
  })
  const ahead = metrics.histogram({
    what: 'store_clock_ahead',
    unit: 'seconds',
    help: 'How far the time of a delivery lies ahead of its receipt; 0 where it lies behind',
    buckets: [0, 0.1, 1, 10, 60, 120, 600, 3_600, 90_000],
  })
  const age = metrics.histogram({
    what: 'delivery_age',
    unit: 'seconds',
    help: 'How long before its receipt the store changed what a delivery tells; 0 where its time lies ahead',
    buckets: [0.5, 1, 2, 5, 15, 60, 300, 3_600, 14_400, 86_400],
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
    answered({ topic, receipt, tookMs }) {
      deliveries.inc({ topic: topics.has(topic) ? topic : 'other', outcome: receipt })
      took.observe({ outcome: receipt }, tookMs / 1_000)
    },
    refused: ({ reason, store }) => refusals.inc({ reason, store }),
    clock(platformAt, receivedAt) {
      ahead.observe(Math.max(0, platformAt - receivedAt) / 1_000)
      age.observe(Math.max(0, receivedAt - platformAt) / 1_000)
    },
  }
}
