// Sends signed deliveries of a simulated shop as fast as they are answered. Bodies and headers are made beforehand; for
// each request only the webhook id is new, so that none counts as a duplicate and generating costs little.
import { randomUUID } from 'node:crypto'
import { Pool } from 'undici'
import { z } from 'zod'
import { load, runLoad } from '../closed-loop.ts'
import { answerAsks } from '../worker.ts'
import { simulatedDeliveries } from './shop.ts'

type Prepared = { readonly headers: readonly string[]; readonly body: Buffer }

const webhookId = 'X-Shopify-Webhook-Id'
const distinct = 2_000

await answerAsks(load.extend({ url: z.url() }), async () => {
  const prepared = simulatedDeliveries(distinct).map(
    ({ headers, body }): Prepared => ({
      headers: Object.entries(headers)
        .filter(([name]) => name !== webhookId)
        .flat(),
      body,
    }),
  )
  return {
    async answer({ url, ...round }) {
      const { origin, pathname } = new URL(url)
      const pool = new Pool(origin, { connections: round.callers, pipelining: 1, headersTimeout: 30_000 })
      try {
        const measure = await runLoad(round, async (turn) => {
          const delivery = prepared[turn % prepared.length]
          if (delivery === undefined) return
          const status = await post(pool, pathname, delivery)
          if (status !== 200) throw new Error(`a delivery was answered with ${status}`)
        })
        return measure
      } finally {
        await pool.close()
      }
    },
  }
})

/** The bare dispatch of undici: a third of the cost of its `request`. */
function post(pool: Pool, path: string, { headers, body }: Prepared): Promise<number> {
  return new Promise((resolve, reject) => {
    let status = 0
    pool.dispatch(
      { path, method: 'POST', headers: [...headers, webhookId, randomUUID()], body },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, statusCode) => {
          status = statusCode
        },
        onResponseData: () => undefined,
        onResponseEnd: () => resolve(status),
        onResponseError: (_controller, error) => reject(error),
      },
    )
  })
}
