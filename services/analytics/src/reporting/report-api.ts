import type { Logger } from '@varai/runtime'
import express, { type ErrorRequestHandler, type Express } from 'express'
import { createDayReport } from '../pure/report/day-report.ts'
import { describeReports, paths } from '../pure/report/openapi.ts'
import { readReportQuery } from '../pure/report/report-query.ts'
import type { ReportStore } from './report-store.ts'
import { toCsv } from './to-csv.ts'

/** The read API of reports; `/openapi.json` describes it. `isComplete`: whether every order has been read. */
export function createReportApi(deps: {
  readonly facts: Pick<ReportStore, 'buckets' | 'undated'>
  readonly isComplete: () => boolean
  readonly log: Logger
}): Express {
  const app = express().disable('x-powered-by')
  const description = describeReports()

  app.get(paths.report, async (request, response) => {
    const read = readReportQuery(request.query)
    if (!read.ok) {
      response.status(400).json({ error: 'bad request', problems: read.problems })
      return
    }
    if (!deps.isComplete()) {
      response.status(503).set('retry-after', '5').json({ error: 'not every order has been read yet' })
      return
    }
    const { from, to, timezone, format } = read.query
    const report = createDayReport({ from, to, timeZone: timezone })
    for await (const bucket of deps.facts.buckets(read.query)) report.add(bucket)
    response.set('cache-control', 'no-store')
    if (format === 'csv') {
      const file = `attachment; filename="orders-${from}-${to}.csv"`
      response.set({ 'content-type': 'text/csv; charset=utf-8; header=present', 'content-disposition': file })
      response.send(toCsv(report.rows()))
      return
    }
    const undated = await deps.facts.undated(read.query)
    response.json({ from, to, timezone, undated, rows: report.rows() })
  })
  app.get(paths.description, (_request, response) => {
    response.json(description)
  })
  app.use((_request, response) => {
    response.status(404).json({ error: 'not found' })
  })
  // Express knows an error handler by its four parameters.
  const failed: ErrorRequestHandler = (error, _request, response, _next) => {
    deps.log.error({ err: error }, 'report-api.failed')
    response.status(503).set('retry-after', '5').json({ error: 'the report cannot be made now' })
  }
  return app.use(failed)
}
