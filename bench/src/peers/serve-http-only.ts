// What HTTP itself costs: express reads the body, the signature is checked, and that is all: no JSON is read. With `json`
// the JSON is read as ours reads it, every digit kept, and then forgotten: `serve-http-only.ts [json]`.
import { serveWebhooks } from '@varai/ingest'
import { parseLossless } from '@varai/ingest/pure'
import { configShape } from '@varai/ingest-shopify/config'
import { shopifyDoor, webhookPath } from '@varai/ingest-shopify/door'
import { createHealth, createMetrics, parseConfig, runService } from '@varai/runtime'
import { acceptedSecrets, loadStores } from '@varai/runtime/stores'
import express from 'express'

const service = 'http-only'
const [, , way = ''] = process.argv

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
      const read = verdict?.ok === true && (way !== 'json' || parseLossless(request.body).ok)
      response.status(read ? 200 : 401).json({ ok: read })
    })
    health.add('stores', stores.check)
    const server = await serveWebhooks({ handler: app, ...config.http })
    lifecycle.onStop('http', () => server.close(), 4_500)
  },
})
