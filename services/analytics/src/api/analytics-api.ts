import type { Logger } from '@varai/runtime'
import express, { type ErrorRequestHandler, type Express, type Response } from 'express'
import { describeApi, paths, reportPath } from '../pure/read/openapi.ts'
import { type QueryProblem, readAttributionQuery, readReportQuery, reportNames } from '../pure/read/query.ts'
import { columnsOf, reportOf, toCsv } from '../pure/read/report.ts'
import type { ReadStore } from './read-store.ts'

/**
 * The reports, what led to an order, how far the counts are, and the document that describes all of it. 400 names every
 * bad parameter; 503 when the database does not answer. For callers inside the cluster: it asks nobody who they are.
 */
export function createAnalyticsApi(deps: { read: ReadStore; log: Logger }): Express {
  const { read, log } = deps
  const app = express().disable('x-powered-by').disable('etag')
  app.use((_request, response, next) => {
    response.set('cache-control', 'no-store')
    next()
  })
  for (const report of reportNames) {
    app.get(reportPath(report), async (request, response) => {
      const asked = readReportQuery(report, request.query)
      if (!asked.ok) return refuse(response, asked.problems)
      const { query } = asked
      const { merchantId: merchant, grain, dimension, zone } = query
      const { lines, next } = await reportOf(query, read.rowsOf(query))
      if (query.format === 'csv') {
        if (next !== null) response.set('x-varai-next', next)
        response.type('text/csv').send(toCsv(columnsOf(query), lines))
      } else response.json({ merchant, report, grain, dimension, zone: zone.name, rows: lines, next })
    })
  }
  app.get(paths.attributions, async (request, response) => {
    const asked = readAttributionQuery(request.query)
    if (!asked.ok) return refuse(response, asked.problems)
    const orders = await read.attributionsOf(asked.query)
    if (orders.length === 0) response.status(404).json({ error: 'no such order' })
    else response.json({ orders })
  })
  app.get(paths.status, async (_request, response) => {
    response.json(await read.status())
  })
  const description = describeApi()
  app.get(paths.description, (_request, response) => {
    response.json(description)
  })
  app.use((_request, response) => {
    response.status(404).json({ error: 'not found' })
  })
  // Express knows an error handler by its four parameters.
  const failed: ErrorRequestHandler = (error, _request, response, _next) => {
    log.error({ err: error }, 'analytics-api.failed')
    if (response.headersSent) response.destroy()
    else response.status(503).set('retry-after', '5').json({ error: 'the figures cannot be read now' })
  }
  return app.use(failed)
}

function refuse(response: Response, problems: readonly QueryProblem[]): void {
  response.status(400).json({ error: 'bad request', problems })
}
