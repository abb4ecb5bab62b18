import { Router } from 'express'
import { readHourlyQuery, toCursor } from './hourly-query.ts'
import { type HourlyRow, type RollupStore, rowId } from './rollup-store.ts'

/**
 * `GET /orders/hourly?merchant=&from=&to=[&platform=&store=&currency=&limit=&cursor=]`: orders, cancelled orders and
 * gross totals by hour (UTC), store and currency, of the hours `from` (included) to `to` (not included). Amounts are
 * decimal text. `next`, when not null, goes into `cursor` to read on. For callers inside the cluster: it asks nobody
 * who they are.
 */
export function createHourlyApi(rollups: Pick<RollupStore, 'readHours'>): Router {
  return Router().get('/orders/hourly', async (request, response) => {
    const read = readHourlyQuery(request.query)
    if (!read.ok) {
      response.status(400).json({ error: 'bad request', problems: read.problems })
      return
    }
    const { query } = read
    const rows = await rollups.readHours(query)
    const last = rows.length === query.limit ? rows.at(-1) : undefined
    response.set('cache-control', 'no-store').json({
      merchant: query.merchantId,
      from: query.from,
      to: query.to,
      hours: rows.map(shown),
      next: last === undefined ? null : toCursor({ hour: last.hour, id: rowId(last) }),
    })
  })
}

const shown = ({ merchantId: _, storeId, ...row }: HourlyRow) => ({ store: storeId, ...row })
