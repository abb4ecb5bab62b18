import { createHealth, createMetrics, parseConfig, runService, serveHealth } from '@varai/runtime'
import { configShape } from './config.ts'
import { createRefusal, status } from './refuse-deliveries.ts'

runService({
  name: 'ingest-woocommerce',
  async start({ onStop, stopping, log }) {
    const config = parseConfig(process.env, configShape)
    const metrics = createMetrics('ingest-woocommerce')
    const health = createHealth({
      metrics,
      stopping,
      checks: { deliveries: () => 'refused with 503 until there is a translator' },
    })
    const refused = metrics.counter({ what: 'deliveries_refused', help: 'Deliveries answered with 503, kept nowhere.' })
    const server = await serveHealth({ health, ...config.http, app: createRefusal({ log, refused }) })
    onStop('http', server.close)
    log.info({ url: server.url }, 'http.listening')
    log.warn({ doesNotYet: status.doesNotYet, meanwhile: status.meanwhile }, 'service.not-accepting-yet')
  },
})
