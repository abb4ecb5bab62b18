// What HTTP itself costs: express reads the body, the signature is checked, and that is all. No JSON is read.
import { serveWebhooks } from '@varai/ingest'
import { configShape } from '@varai/ingest-shopify/config'
import { shopifyDoor, webhookPath } from '@varai/ingest-shopify/door'
import { createHealth, createMetrics, parseConfig, runService } from '@varai/runtime'
import { acceptedSecrets, loadStores } from '@varai/runtime/stores'
import express from 'express'

const service = 'http-only'

runService({
  name: service,
  async start(lifecycle) {
    const { log } = lifecycle
    const config = parseConfig(process.env, { http: configShape.http, stores: configShape.stores })
    const metrics = createMetrics(service)
    const health = createHealth({ metrics, stopping: lifecycle.stopping })
    const stores = await loadStores({
      path: config.stores.path,
      env: process.env,
      log,
      metrics,
      secretsOf: ['shopify'],
    })
    lifecycle.onStop('stores', () => stores.close())

    const app = express()
    app.disable('x-powered-by').disable('etag')
    app.use(health.handler)
    app.post(webhookPath, express.raw({ type: () => true, limit: '10mb' }), async (request, response) => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
      )
      const knock = { headers, path: request.path }
      const claim = shopifyDoor.claim(knock)
      const store = claim.ok ? stores.find('shopify', claim.storeId) : undefined
      const webhook = { ...knock, rawBody: request.body }
      const verdict = store && (await shopifyDoor.verify(webhook, acceptedSecrets(store), store))
      response.status(verdict?.ok ? 200 : 401).json({ ok: verdict?.ok === true })
    })
    health.add('stores', stores.check)
    const server = await serveWebhooks({ handler: app, ...config.http })
    lifecycle.onStop('http', () => server.close(), 4_500)
  },
})
