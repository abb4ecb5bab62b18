import type { RequestListener } from 'node:http'
import type { Counter, Logger } from '@varai/runtime'

const webhookPath = '/webhooks/magento'

/** What this release of the service does, for people and for monitoring. */
export const status = {
  service: 'ingest-magento',
  accepting: false,
  doesNotYet: ['take deliveries: there is no translator', 'poll Magento Open Source', 'write back'],
  meanwhile:
    `Every delivery to ${webhookPath} is answered with 503 and kept nowhere. Adobe I/O Events sends it again for a ` +
    'day and keeps it in its journal for seven; a module that does not retry loses it: point none here before this ' +
    'service takes deliveries.',
} as const

const retryAfterSeconds = 3_600

/** Answers deliveries with 503, so that no store believes that one arrived, and `GET /` with the status. */
export function createRefusal(deps: { log: Logger; refused: Counter }): RequestListener {
  return (request, response) => {
    const send = (code: number, body: object, headers: Record<string, string> = {}) => {
      const type = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }
      response.writeHead(code, { ...type, ...headers }).end(`${JSON.stringify(body)}\n`)
    }
    const path = (request.url ?? '').split('?', 1)[0] ?? ''
    if (path === '/' && (request.method === 'GET' || request.method === 'HEAD')) return send(200, status)
    if (path !== webhookPath && !path.startsWith(`${webhookPath}/`)) return send(404, { error: 'not found' })
    deps.refused.inc()
    deps.log.warn({ method: request.method, path: path.slice(0, 200) }, 'delivery.refused')
    const { meanwhile } = status
    send(503, { error: 'not accepting deliveries yet', meanwhile }, { 'retry-after': String(retryAfterSeconds) })
  }
}
