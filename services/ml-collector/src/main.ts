import { createHealth, createMetrics, parseConfig, runService, serveHealth } from '@varai/runtime'
import { configShape } from './config.ts'
import { answerStatus, status } from './status.ts'

runService({
  name: 'ml-collector',
  async start({ onStop, stopping, log }) {
    const config = parseConfig(process.env, configShape)
    // Without a consumer on purpose: one that committed offsets without collecting would lose the training data.
    const health = createHealth({
      metrics: createMetrics('ml-collector'),
      stopping,
      checks: { lanes: () => 'not joined yet' },
    })
    const server = await serveHealth({ health, ...config.http, app: answerStatus })
    onStop('http', server.close)
    log.info({ url: server.url }, 'http.listening')
    log.warn({ doesNotYet: status.doesNotYet, meanwhile: status.meanwhile }, 'service.not-collecting-yet')
  },
})
