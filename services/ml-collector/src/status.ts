import type { RequestListener } from 'node:http'

/** What this release of the service does, for people and for monitoring. */
export const status = {
  service: 'ml-collector',
  collecting: false,
  doesNotYet: ['read the lanes: it joins no consumer group', 'write training rows', 'serve an export of them'],
  meanwhile:
    'No event is consumed, so none is dropped: its groups have no offsets and will begin with the oldest event that ' +
    'the lanes still keep (30 days unless configured otherwise).',
} as const

/** Answers `GET /` with the status, and 404 or 405 to all else. */
export const answerStatus: RequestListener = (request, response) => {
  const send = (code: number, body: object) => {
    response.writeHead(code, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
    response.end(`${JSON.stringify(body)}\n`)
  }
  const path = (request.url ?? '').split('?', 1)[0]
  if (path !== '/') return send(404, { error: 'not found' })
  if (request.method === 'GET' || request.method === 'HEAD') return send(200, status)
  response.setHeader('allow', 'GET, HEAD')
  send(405, { error: 'method not allowed' })
}
