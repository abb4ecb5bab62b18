import { createAdmission, discardBody, type SeenStore } from '@varai/ingest'
import type { Health, Metrics } from '@varai/runtime'
import type { Store } from '@varai/runtime/stores'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { type Answer, answer, refuse, unavailable } from './answer.ts'
import { createApiMetrics } from './api-metrics.ts'
import { createBrowserEndpoint } from './browser-endpoint.ts'
import { indexStores } from './index-stores.ts'
import type { SenderLimiter } from './limit-senders.ts'
import { createPublishItems, type PublishPorts } from './publish-items.ts'
import type { Speaker } from './pure/api-events.ts'
import { describeApi, paths } from './pure/openapi.ts'
import { limitsOf } from './pure/read-batch.ts'
import { createRecallAnswers } from './recall-answers.ts'
import { createServeSnippet } from './serve-snippet.ts'
import { createServerEndpoint } from './server-endpoint.ts'

export type HtmlApiOptions = Omit<PublishPorts, 'metrics'> & {
  /** The present list, of all platforms; a reload makes a new one. */
  readonly stores: () => readonly Store[]
  readonly seen: Pick<SeenStore, 'recall' | 'remember'>
  readonly limiter: Pick<SenderLimiter, 'address' | 'key'>
  readonly health: Pick<Health, 'handler'>
  readonly metrics: Metrics
  /** Proxies of ours before this process: so many addresses from the end of X-Forwarded-For are believed. */
  readonly trustedProxies?: number
  readonly limits?: { readonly maxUnderWay?: number; readonly answerWithinMs?: number }
  /** Epoch ms. */
  readonly now?: () => number
}

const maxUnderWay = 1_000
const maxBytesUnderWay = 32 * 1024 * 1024
const answerWithinMs = 4_000

/** The API of custom stores and of the assistant, the endpoint of browsers, and the document that describes both. */
export function createHtmlApi(options: HtmlApiOptions): Express {
  const { publisher, vault, service, log, limiter, now = Date.now } = options
  const admission = createAdmission({ deliveries: options.limits?.maxUnderWay ?? maxUnderWay, bytes: maxBytesUnderWay })
  const metrics = createApiMetrics(options.metrics, () => admission)
  const publish = createPublishItems({ publisher, vault, service, log, metrics })
  const stores = indexStores(options.stores)
  const shared = { publish, admission, withinMs: options.limits?.answerWithinMs ?? answerWithinMs, now, stores }
  const recall = createRecallAnswers(options.seen)
  const server = createServerEndpoint({ ...shared, publisher, vault, service, log, recall })
  const browser = createBrowserEndpoint({ ...shared, limiter })
  const description = describeApi()

  const endpoint =
    (speaker: Speaker, answers: (request: Request) => Promise<Answer | undefined>) =>
    async (request: Request, response: Response) => {
      const begun = performance.now()
      const given = await answers(request)
      if (given === undefined) return
      send(request, response, given, limitsOf[speaker].maxBytes)
      metrics.answered({ speaker, status: given.status, tookMs: performance.now() - begun })
    }

  const app = express()
  app
    .disable('x-powered-by')
    .disable('etag')
    .set('trust proxy', options.trustedProxies ?? 0)
  app.use(options.health.handler)
  app.all(paths.server, endpoint('server', server))
  app.all(paths.browser, endpoint('browser', browser))
  app.get(paths.description, (request: Request, response: Response) => {
    send(request, response, answer(200, description, { 'access-control-allow-origin': '*' }), 0)
  })
  app.get('/varai.js', createServeSnippet())
  app.use((request: Request, response: Response) => {
    send(request, response, refuse(404, 'not found'), limitsOf.browser.maxBytes)
  })
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error)
    log.error({ err: error }, 'request.failed')
    send(request, response, unavailable, limitsOf.browser.maxBytes)
  })
  return app
}

function send(request: Request, response: Response, given: Answer, mayStillSend: number): void {
  response.status(given.status).set(given.headers)
  if (given.status === 204) response.end()
  else response.json(given.body)
  if (!request.readableEnded) discardBody(request, mayStillSend)
}
