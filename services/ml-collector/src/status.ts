import type { RequestListener } from 'node:http'
import type { RowStore } from '@varai/ml-data'

/**
 * Answers `GET /` with how many rows wait for others like them and how many are released; 404, 405 and, where the
 * database does not answer, 503 to all else.
 */
export const createAnswerStatus =
  (rows: Pick<RowStore, 'count'>, k: number): RequestListener =>
  (request, response) => {
    const send = (code: number, body: object) => {
      response.writeHead(code, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
      response.end(`${JSON.stringify(body)}\n`)
    }
    const path = (request.url ?? '').split('?', 1)[0]
    if (path !== '/') return send(404, { error: 'not found' })
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD')
      return send(405, { error: 'method not allowed' })
    }
    Promise.all([rows.count({ state: 'waiting' }), rows.count({ state: 'released' })]).then(
      ([waiting, released]) => send(200, { service: 'ml-collector', collecting: true, k, rows: { waiting, released } }),
      () => send(503, { error: 'the database does not answer' }),
    )
  }
