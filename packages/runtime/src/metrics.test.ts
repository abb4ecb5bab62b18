import { expect, test } from 'vitest'
import { createMetrics } from './metrics.ts'

test('names say service, thing and unit; the default metrics are there', async () => {
  const metrics = createMetrics('ingest-shopify')
  metrics.counter({ what: 'deliveries', help: 'Deliveries', labels: ['answer'] }).inc({ answer: '200' }, 2)
  metrics.gauge({ what: 'queue', unit: 'records', help: 'Waiting' }).set(3)
  metrics.histogram({ what: 'delivery', unit: 'seconds', help: 'Time', buckets: [1] }).observe(0.5)
  const { text, contentType } = await metrics.render()
  expect(contentType).toMatch(/^text\/plain/)
  expect(text).toContain('varai_ingest_shopify_deliveries_total{answer="200",service="ingest-shopify"} 2')
  expect(text).toContain('varai_ingest_shopify_queue_records{service="ingest-shopify"} 3')
  expect(text).toContain('varai_ingest_shopify_delivery_seconds_bucket{le="1",service="ingest-shopify"} 1')
  expect(text).toContain('nodejs_eventloop_lag_seconds')
})

test('a gauge can be measured at each scrape', async () => {
  const metrics = createMetrics('sync-core')
  let depth = 1
  metrics.gauge({ what: 'depth', help: 'Depth', collect: (gauge) => gauge.set(depth) })
  depth = 5
  expect((await metrics.render()).text).toContain('varai_sync_core_depth{service="sync-core"} 5')
})

test('parts of a process share a metric by its name; one name is one kind', () => {
  const metrics = createMetrics('sync-core')
  const one = metrics.counter({ what: 'records', help: 'Records', labels: ['lane'] })
  expect(metrics.counter({ what: 'records', help: 'Records', labels: ['lane'] })).toBe(one)
  expect(() => metrics.gauge({ what: 'records_total', help: 'Records' })).toThrow('already another kind')
  expect(() => metrics.counter({ what: 'Bad Name', help: '' })).toThrow('not a metric name')
})
