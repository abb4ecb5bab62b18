import { type Admission, keepDelivery, singleHeaders, traceOf } from '@varai/ingest'
import { describeFailure, header, type StoreFacts } from '@varai/ingest/pure'
import { acceptedSecrets, type HtmlStore } from '@varai/runtime/stores'
import type { Request } from 'express'
import { type Answer, answerServer, refuse, unavailable } from './answer.ts'
import { hashOf } from './hash-of.ts'
import type { PublishItems, PublishPorts } from './publish-items.ts'
import { limitsOf, readServerBatch } from './pure/read-batch.ts'
import { signatureHeaders, verify } from './pure/verify.ts'
import type { RecallAnswers } from './recall-answers.ts'
import { takeBody } from './take-body.ts'

export type ServerEndpointPorts = Pick<PublishPorts, 'publisher' | 'vault' | 'service' | 'log'> & {
  readonly stores: { find(key: string): HtmlStore | undefined }
  readonly publish: PublishItems
  readonly recall: RecallAnswers
  readonly admission: Admission
  readonly withinMs: number
  /** Epoch ms. */
  readonly now: () => number
}

/** Secrets that sign: those of the webhooks' form, which can be changed without a gap, and the store's one secret key. */
const secretsOf = (store: HtmlStore): string[] => [
  ...acceptedSecrets(store),
  ...(store.credentials === undefined ? [] : [store.credentials.secretKey]),
]

/** `POST /api/v1/events`: a batch that a server of the store signed. Undefined when the sender went away. */
export function createServerEndpoint(ports: ServerEndpointPorts): (request: Request) => Promise<Answer | undefined> {
  const { publish, recall, log, now } = ports

  async function take(bytes: Buffer, store: StoreFacts, traceparent: string | undefined): Promise<Answer> {
    const receivedAt = now()
    const batch = readServerBatch(bytes)
    if (batch.ok) {
      const received = { store, speaker: 'server', receivedAt, clockBehindMs: 0, traceparent } as const
      return answerServer(await publish(batch.value.items, received))
    }
    const reasons = batch.failures.map(describeFailure)
    const facts = { store, deliveryId: `server:${hashOf(bytes)}`, origin: 'api', receivedAt } as const
    try {
      await keepDelivery(ports, ports.service, { facts, topic: 'batch', rawBody: bytes, reasons })
    } catch (error) {
      log.warn({ err: error }, 'batch.unavailable')
      return unavailable
    }
    log.warn({ store: store.id, reasons }, 'batch.kept')
    return refuse(400, 'no batch of events', reasons)
  }

  return async (request) => {
    if (request.method !== 'POST') return refuse(405, 'method not allowed')
    const headers = singleHeaders(request.headers)
    const key = header({ headers }, signatureHeaders.key)
    if (key === undefined) return refuse(400, 'X-Varai-Key is missing')
    const store = ports.stores.find(key)
    if (store === undefined) return refuse(404, 'unknown store')
    const idempotencyKey = header({ headers }, 'idempotency-key')
    if (idempotencyKey !== undefined && idempotencyKey.length > 255) return refuse(400, 'Idempotency-Key is too long')
    const { merchantId, platform, id, currency } = store
    const facts: StoreFacts = { merchantId, platform, id, currency }
    return takeBody(request, ports.admission, {
      maxBytes: limitsOf.server.maxBytes,
      withinMs: ports.withinMs,
      refuse(bytes) {
        const verdict = verify({ headers, rawBody: bytes }, secretsOf(store), now())
        return verdict.ok ? undefined : refuse(verdict.answer, verdict.reason)
      },
      work(bytes) {
        const work = () => take(bytes, facts, traceOf(headers))
        return idempotencyKey === undefined ? work() : recall({ storeId: id, key: idempotencyKey, bytes }, work)
      },
    })
  }
}
