import { parseLossless, type Reader, read, retryAfterMs } from '@varai/ingest/pure'
import type { ThrottleStatus } from './budget.ts'
import { type Tree, treeIn, without } from './tree.ts'

/** What Shopify said a query costs; `status` where it also said what is left. */
export type Cost = { readonly requested: number; readonly status?: ThrottleStatus }

/** Why a request will fail again until a person changes something. */
export type RefusalReason = 'access-denied' | 'invalid-query' | 'unauthorised' | 'no-such-shop' | 'shop-closed'
/** Why a request failed that may succeed later. */
export type OutageReason = 'network' | 'time-out' | 'server' | 'throttled' | 'unreadable' | 'changing'

/** What an HTTP answer of the Admin API means. */
export type Answer =
  | {
      readonly kind: 'data'
      readonly data: Tree
      readonly cost?: Cost
      /** Fields that this app may not see; they are not in the data. */
      readonly hidden: readonly string[]
    }
  | { readonly kind: 'throttled'; readonly cost?: Cost }
  | { readonly kind: 'too-expensive'; readonly cost: number; readonly limit: number }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly detail: string }
  | {
      readonly kind: 'unavailable'
      readonly reason: OutageReason
      readonly retryAfterMs?: number
      readonly detail: string
    }

/** An answer as it came in. */
export type RawAnswer = { readonly status: number; readonly retryAfter: string | null; readonly body: Buffer }

export function readAnswer(raw: RawAnswer, now: number): Answer {
  if (raw.status === 200) return readBody(raw.body)
  const detail = `HTTP ${raw.status}`
  if (raw.status === 429 || raw.status === 430 || raw.status === 408 || raw.status >= 500) {
    const wait = retryAfterMs(raw.retryAfter, now)
    const reason = raw.status === 429 || raw.status === 430 ? 'throttled' : 'server'
    return { kind: 'unavailable', reason, detail, ...(wait !== undefined && { retryAfterMs: wait }) }
  }
  return { kind: 'refused', reason: refusals.get(raw.status) ?? 'invalid-query', detail }
}

const refusals: ReadonlyMap<number, RefusalReason> = new Map([
  [401, 'unauthorised'],
  [402, 'shop-closed'],
  [403, 'access-denied'],
  [404, 'no-such-shop'],
  [423, 'shop-closed'],
  // A shop that moved: a POST must not follow, and the stores file should say where it is.
  ...[301, 302, 303, 307, 308].map((status): [number, RefusalReason] => [status, 'no-such-shop']),
])

function readBody(bytes: Buffer): Answer {
  const parsed = parseLossless(bytes)
  const body = parsed.ok ? treeIn(parsed.value) : undefined
  if (body === undefined) return { kind: 'unavailable', reason: 'unreadable', detail: 'not a JSON object' }
  const cost = readCost(body)
  const data = treeIn(body['data'])
  const errors = read(body).hasList('errors') ? read(body).list('errors').map(readError) : []
  const unseen = errors.filter((error) => data !== undefined && isHidden(error))
  const real = errors.filter((error) => !unseen.includes(error))
  const first = real[0]
  if (first !== undefined) return failure(first, cost)
  if (data === undefined) return { kind: 'unavailable', reason: 'unreadable', detail: 'neither data nor errors' }
  const seen = unseen.reduce<unknown>((tree, { path }) => without(tree, personalPart(path)), data)
  return {
    kind: 'data',
    data: treeIn(seen) ?? {},
    hidden: [...new Set(unseen.map(({ path }) => path.filter((step) => !/^\d+$/.test(step)).join('.')))],
    ...(cost && { cost }),
  }
}

type ApiError = {
  readonly code: string
  readonly message: string
  readonly path: readonly string[]
  readonly cost: number
  readonly limit: number
}

function readError(error: Reader): ApiError {
  const extensions = error.child('extensions')
  return {
    code: extensions?.freeText('code') ?? '',
    message: error.freeText('message') ?? '',
    path: error.hasList('path') ? error.texts('path') : [],
    cost: Number(extensions?.freeText('cost') ?? 0),
    limit: Number(extensions?.freeText('maxCost') ?? 0),
  }
}

const ourFault = new Set(['ACCESS_DENIED', 'SHOP_INACTIVE'])
const theirFault = new Set(['INTERNAL_SERVER_ERROR', 'TIMEOUT', 'SERVICE_UNAVAILABLE'])

function failure({ code, message, cost, limit, path }: ApiError, known: Cost | undefined): Answer {
  if (code === 'THROTTLED') return { kind: 'throttled', ...(known && { cost: known }) }
  if (code === 'MAX_COST_EXCEEDED') return { kind: 'too-expensive', cost, limit }
  // Messages may quote what was asked; codes and paths of fields never do.
  const detail = [code || 'no code', path.join('.')].filter((part) => part !== '').join(' at ')
  if (theirFault.has(code) || (code === '' && /^internal (server )?error/i.test(message))) {
    return { kind: 'unavailable', reason: 'server', detail }
  }
  if (code === 'SHOP_INACTIVE') return { kind: 'refused', reason: 'shop-closed', detail }
  const denied = ourFault.has(code) || notApproved.test(message)
  return { kind: 'refused', reason: denied ? 'access-denied' : 'invalid-query', detail }
}

const notApproved = /^This app is not approved to (?:use|access) /
/** Parts of orders and customers that Shopify keeps from apps without access to protected customer data. */
const personalParts = new Set([
  ...['email', 'phone', 'billingAddress', 'shippingAddress'],
  ...['firstName', 'lastName', 'defaultEmailAddress', 'defaultPhoneNumber', 'defaultAddress', 'addressesV2'],
])

/**
 * A personal field that this app may not see comes as null with an error. It is not stated then, rather than empty; an
 * address of which a part is hidden is not stated at all. Any other field that is missing would falsify what is left.
 */
const isHidden = ({ code, message, path }: ApiError): boolean =>
  (code === 'ACCESS_DENIED' || notApproved.test(message)) && path.some((step) => personalParts.has(step))

const personalPart = (path: readonly string[]): string[] =>
  path.slice(0, path.findIndex((step) => personalParts.has(step)) + 1)

function readCost(body: Tree): Cost | undefined {
  const cost = treeIn(treeIn(body['extensions'])?.['cost'])
  if (cost === undefined) return undefined
  const reader = read(cost)
  const status = reader.child('throttleStatus')
  const numbers = reader.result({
    requested: Number(reader.decimal('requestedQueryCost')),
    status: status && {
      maximumAvailable: Number(status.decimal('maximumAvailable')),
      currentlyAvailable: Number(status.decimal('currentlyAvailable')),
      restoreRate: Number(status.decimal('restoreRate')),
    },
  })
  if (!numbers.ok) return undefined
  const { requested, status: said } = numbers.value
  return { requested, ...(said && { status: said }) }
}
