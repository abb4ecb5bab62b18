import { type Admission, singleHeaders, traceOf } from '@varai/ingest'
import { describeFailure, header } from '@varai/ingest/pure'
import type { HtmlStore } from '@varai/runtime/stores'
import type { Request } from 'express'
import { type Answer, answer, answerBrowser, comeAgain, refuse } from './answer.ts'
import type { SenderLimiter } from './limit-senders.ts'
import type { PublishItems } from './publish-items.ts'
import { limitsOf, readBeacon } from './pure/read-batch.ts'
import { takeBody } from './take-body.ts'

export type BrowserEndpointPorts = {
  readonly stores: {
    ofPublishableKey(key: string): HtmlStore | undefined
    /** Whether any store allows pages of this origin. */
    allowsOrigin(origin: string): boolean
  }
  readonly limiter: Pick<SenderLimiter, 'address' | 'key'>
  readonly publish: PublishItems
  readonly admission: Admission
  readonly withinMs: number
  /** Epoch ms. */
  readonly now: () => number
}

/** Browsers may ask as seldom as they like whether they may speak to us. */
const preflightSeconds = 86_400

/**
 * `POST /collect`, and the question that browsers ask before it: what a page says, with a key that everybody can read.
 * Nothing is kept that cannot be published. Undefined when the sender went away.
 */
export function createBrowserEndpoint(ports: BrowserEndpointPorts): (request: Request) => Promise<Answer | undefined> {
  const { stores, limiter, publish, now } = ports

  async function take(bytes: Buffer, asked: Asked, traceparent: string | undefined): Promise<Answer> {
    const receivedAt = now()
    const beacon = readBeacon(bytes)
    if (!beacon.ok) return refuse(400, 'no batch of events', beacon.failures.map(describeFailure))
    const { key, sentAt, items } = beacon.value
    const store = asked.store ?? (key === undefined ? undefined : stores.ofPublishableKey(key))
    if (store === undefined) return refuse(403, 'unknown key')
    if (!store.allowedOrigins.includes(asked.origin)) return notAllowed
    const after = await limiter.key(store.id, items.length)
    if (after > 0) return comeAgain(429, 'too many events', after)
    const { merchantId, platform, id, currency } = store
    const received = { store: { merchantId, platform, id, currency }, speaker: 'browser', receivedAt } as const
    return answerBrowser(await publish(items, { ...received, clockBehindMs: receivedAt - sentAt, traceparent }))
  }

  async function answered(request: Request, origin: string): Promise<Answer | undefined> {
    if (request.method === 'OPTIONS') return mayCome
    if (request.method !== 'POST') return refuse(405, 'method not allowed')
    const headers = singleHeaders(request.headers)
    const key = new URL(request.url, 'http://any').searchParams.get('key')
    const store = key === null ? undefined : stores.ofPublishableKey(key)
    if (key !== null && store === undefined) return refuse(403, 'unknown key')
    if (store !== undefined && !store.allowedOrigins.includes(origin)) return notAllowed
    const after = await limiter.address(request.ip ?? '')
    if (after > 0) return comeAgain(429, 'too many requests', after)
    return takeBody(request, ports.admission, {
      maxBytes: limitsOf.browser.maxBytes,
      withinMs: ports.withinMs,
      work: (bytes) => take(bytes, { store, origin }, traceOf(headers)),
    })
  }

  return async (request) => {
    const origin = header({ headers: singleHeaders(request.headers) }, 'origin')?.toLowerCase()
    if (origin === undefined || !stores.allowsOrigin(origin)) return notAllowed
    const given = await answered(request, origin)
    return given && { ...given, headers: { ...given.headers, ...readableBy(origin) } }
  }
}

type Asked = { readonly store: HtmlStore | undefined; readonly origin: string }

const notAllowed: Answer = { ...refuse(403, 'origin not allowed'), headers: { vary: 'origin' } }

const mayCome: Answer = answer(
  204,
  {},
  {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'content-type',
    'access-control-max-age': String(preflightSeconds),
  },
)

const readableBy = (origin: string) => ({
  'access-control-allow-origin': origin,
  'access-control-expose-headers': 'retry-after',
  vary: 'origin',
})
