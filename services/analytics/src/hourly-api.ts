import type { Logger } from '@varai/runtime'
import express, { type ErrorRequestHandler, type Express } from 'express'
import { readHourlyQuery, toCursor } from './hourly-query.ts'
import { type HourlyRow, type RollupStore, rowId } from './rollup-store.ts'

/**
 * `GET /orders/hourly?merchant=&from=&to=[&platform=&store=&currency=&limit=&cursor=]`: orders, cancelled orders and
 * gross totals by hour (UTC), store and currency, of the hours `from` (included) to `to` (not included). Amounts are
 * decimal text. `next`, when not null, goes into `cursor` to read on. 400 names every bad parameter; 503 when the
 * database does not answer. For callers inside the cluster: it asks nobody who they are.
 */
export function createHourlyApi(deps: { rollups: Pick<RollupStore, 'readHours'>; log: Logger }): Express {
  const app = express().disable('x-powered-by')
  app.get('/orders/hourly', async (request, response) => {
    const read = readHourlyQuery(request.query)
    if (!read.ok) {
      response.status(400).json({ error: 'bad request', problems: read.problems })
      return
    }
    const { query } = read
    const rows = await deps.rollups.readHours(query)
    const last = rows.length === query.limit ? rows.at(-1) : undefined
    response.set('cache-control', 'no-store').json({
      merchant: query.merchantId,
      from: query.from,
      to: query.to,
      hours: rows.map(shown),
      next: last === undefined ? null : toCursor({ hour: last.hour, id: rowId(last) }),
    })
  })
  app.use((_request, response) => {
    response.status(404).json({ error: 'not found' })
  })
  // Express knows an error handler by its four parameters.
  const failed: ErrorRequestHandler = (error, _request, response, _next) => {
    deps.log.error({ err: error }, 'hourly-api.failed')
    response.status(503).set('retry-after', '5').json({ error: 'the counts cannot be read now' })
  }
  return app.use(failed)
}

const shown = ({ merchantId: _, storeId, ...row }: HourlyRow) => ({ store: storeId, ...row })
