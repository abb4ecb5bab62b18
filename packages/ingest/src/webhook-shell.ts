import type { Health, Logger, Metrics } from '@varai/runtime'
import { acceptedSecrets, type Store } from '@varai/runtime/stores'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { createAdmission } from './admission.ts'
import { type Answer, answerTo, answerToAll, type Receipt, type Refusal, refuse } from './answer.ts'
import { giveBack } from './body-pieces.ts'
import { createDeliveryMetrics } from './delivery-metrics.ts'
import type { Door } from './door.ts'
import type { LookUp } from './look-up.ts'
import { type Enclosed, jsonLimits, type RawWebhook } from './pure/index.ts'
import { claimedLength, discardBody, readBody } from './read-body.ts'
import { createReceiver, type ReceiverPorts, type VerifiedDelivery } from './receive-delivery.ts'
import { singleHeaders, traceOf } from './request-headers.ts'
import { createStoreRates } from './store-rates.ts'
import { type SpoolPort, type Taken, takeAll, takeOrRefuse, takeOrSpool } from './take-or-spool.ts'

export type ShellLimits = {
  /** Largest body in bytes; a larger one is answered with 413. */
  readonly maxBodyBytes: number
  /** How deep JSON may nest. */
  readonly maxDepth: number
  /** Deliveries that may be under way at once, and what all bodies that are here may weigh together. */
  readonly maxUnderWay: number
  readonly maxBytesUnderWay: number
  /**
   * After so many ms a sender is told to come again; Shopify waits 5 s in all, and the work goes on and a retry joins it.
   * With a spool the delivery is kept there instead.
   */
  readonly answerWithinMs: number
  /**
   * Deliveries a second of one store, on the average, that this process takes; ten times as many at once. Beyond it the
   * store is told to come again; with a spool they wait there. Undefined: as many as come.
   */
  readonly storePerSecond?: number | undefined
}

export const shellLimits: ShellLimits = {
  maxBodyBytes: jsonLimits.maxBytes,
  maxDepth: jsonLimits.maxDepth,
  maxUnderWay: 1_000,
  maxBytesUnderWay: 32 * 1024 * 1024,
  answerWithinMs: 4_000,
}

export type ShellOptions = Pick<ReceiverPorts, 'publisher' | 'vault' | 'seen' | 'service'> & {
  readonly door: Door
  /** Where the platform posts to, e.g. `/webhooks/shopify`, or `/webhooks/magento/*rest` for all paths below. */
  readonly path: string
  readonly stores: { find(storeId: string): Store | undefined }
  readonly health: Pick<Health, 'handler'>
  readonly metrics: Metrics
  readonly log: Logger
  readonly limits?: Partial<ShellLimits>
  /** For a platform that never delivers again: takes what cannot be published now. The shell works it off. */
  readonly spool?: SpoolPort
  /** Asks a store about deliveries of the door's `lookedUp` topics. */
  readonly lookUp?: LookUp
  /** Epoch ms. */
  readonly now?: () => number
}

/**
 * The HTTP side of one platform's webhooks: health and metrics, and under `path` the answer to every delivery. 200 is
 * given only when Kafka has the events or the dead letters have the delivery; 429 and 503 ask the sender to come again;
 * anything else keeps nothing.
 */
export function createWebhookShell(options: ShellOptions): Express {
  const { door, stores, log, now = Date.now } = options
  const limits = { ...shellLimits, ...options.limits }
  const admission = createAdmission({ deliveries: limits.maxUnderWay, bytes: limits.maxBytesUnderWay })
  const rates = createStoreRates(limits.storePerSecond, now)
  const metrics = createDeliveryMetrics(options.metrics, door.topics, () => admission)
  const receive = createReceiver({
    ...{ door, metrics, log, json: { maxBytes: limits.maxBodyBytes, maxDepth: limits.maxDepth } },
    ...{ publisher: options.publisher, vault: options.vault, seen: options.seen, service: options.service },
    ...{ lookUp: options.lookUp, now },
  })
  const { spool } = options
  const withinMs = limits.answerWithinMs
  const take = spool ? takeOrSpool({ door, receive, spool, withinMs, log }) : takeOrRefuse(receive, withinMs)
  spool?.drainInto(receive)

  async function shakeHands(request: Request, headers: RawWebhook['headers']) {
    if (door.shakeHands === undefined || claimedLength(request) > handshakeBytes) return undefined
    const body = await readBody(request, handshakeBytes, () => true)
    const { searchParams: query } = new URL(request.url, 'http://any')
    return body.kind === 'whole'
      ? door.shakeHands({ headers, path: request.path, rawBody: body.bytes, method: request.method, query })
      : undefined
  }

  async function answer(request: Request): Promise<Answer | undefined> {
    const begun = performance.now()
    const receivedAt = now()
    const refused = (refusal: Refusal, store = ''): Answer => {
      metrics.refused({ reason: refusal.error, store })
      return refuse(refusal)
    }
    const headers = singleHeaders(request.headers)
    const claim = door.claim({ headers, path: request.path })
    if (!claim.ok || (request.method !== 'POST' && stores.find(claim.storeId) !== undefined)) {
      const hand = await shakeHands(request, headers)
      if (hand !== undefined) return { status: 200, headers: {}, body: hand }
    }
    if (request.method !== 'POST') return refused({ status: 405, error: 'method not allowed' })
    if (!claim.ok) return refused({ status: claim.answer, error: claim.reason })
    const store = stores.find(claim.storeId)
    if (store === undefined) return refused({ status: 404, error: 'unknown store' })
    if (claimedLength(request) > limits.maxBodyBytes) return refused(tooLarge, store.id)
    // Before anything is read: only what it signed has used up its rate, so nobody else can do so in its name.
    if (spool === undefined && !rates.mayCome(store.id)) return refused(tooMany, store.id)

    const passage = admission.enter()
    let taken: Taken<unknown> | undefined
    try {
      const body = await readBody(request, limits.maxBodyBytes, passage.weigh)
      if (body.kind === 'broken-off') return undefined
      if (body.kind !== 'whole') return refused(body.kind === 'too-large' ? tooLarge : overloaded, store.id)
      const webhook = { headers, path: request.path, rawBody: body.bytes }
      const given = door.verify(webhook, acceptedSecrets(store), store)
      const verdict = given instanceof Promise ? await given : given
      if (!verdict.ok) {
        giveBack(body.bytes)
        return refused({ status: verdict.answer, error: verdict.reason }, store.id)
      }
      const verified = verifiedFor(store, receivedAt, traceOf(headers))
      const crowded = !passage.begin() || !rates.mayCome(store.id)
      rates.brought(store.id, 'deliveries' in verdict ? verdict.deliveries.length : 1)
      const answered = (topic: string, receipt: Receipt) =>
        metrics.answered({ topic, receipt: receipt.kind, tookMs: performance.now() - begun })
      if ('deliveries' in verdict) {
        for (const reason of verdict.refused) metrics.refused({ reason, store: store.id })
        const all = takeAll(take, verdict.deliveries.map(verified), { crowded, withinMs })
        taken = all
        const receipts = await all.receipt
        receipts.forEach((receipt, index) => {
          answered(verdict.deliveries[index]?.topic ?? '', receipt)
        })
        return answerToAll(receipts, verdict.refused.length)
      }
      const { deliveryId, topic, triggeredAt } = verdict
      const one = take(verified({ deliveryId, topic, triggeredAt, rawBody: body.bytes }), crowded)
      taken = one
      const settled = await one.receipt
      answered(topic, settled)
      return answerTo(settled)
    } finally {
      // Late work still holds its bytes: its place becomes free with it, not with the answer.
      if (taken === undefined) passage.leave()
      else void Promise.allSettled([taken.receipt, taken.work]).then(passage.leave)
    }
  }

  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.use(options.health.handler)
  app.all(options.path, async (request: Request, response: Response) => {
    const given = await answer(request)
    if (given !== undefined) send(request, response, given, limits.maxBodyBytes)
  })
  app.use((request: Request, response: Response) => {
    send(request, response, refuse({ status: 404, error: 'not found' }), limits.maxBodyBytes)
  })
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error)
    // Express decodes paths before it knows whose they are.
    if (error instanceof URIError) return send(request, response, refuse(malformed), limits.maxBodyBytes)
    log.error({ err: error }, 'request.failed')
    send(request, response, answerTo({ kind: 'unavailable', reason: 'cannot be taken now' }), limits.maxBodyBytes)
  })
  return app
}

/** What a store's request brought, as what the platform said of it and what is known here. */
const verifiedFor =
  ({ merchantId, platform, id, currency, credentials }: Store, receivedAt: number, traceparent: string | undefined) =>
  ({ deliveryId, topic, triggeredAt, rawBody }: Enclosed): VerifiedDelivery => ({
    facts: {
      store: { merchantId, platform, id, currency, apiAccess: credentials !== undefined },
      ...{ deliveryId, triggeredAt, receivedAt },
      ...{ origin: 'webhook', traceparent },
    },
    ...{ topic, rawBody },
  })

/** Platforms try out an address with a few bytes. */
const handshakeBytes = 1024

const malformed: Refusal = { status: 400, error: 'malformed path' }
const tooLarge: Refusal = { status: 413, error: 'too large' }
const tooMany: Refusal = { status: 429, error: 'too many deliveries of this store' }
const overloaded: Refusal = { status: 429, error: 'overloaded' }

function send(request: Request, response: Response, answer: Answer, mayStillSend: number): void {
  response.status(answer.status).set(answer.headers).json(answer.body)
  if (!request.readableEnded) discardBody(request, mayStillSend)
}
