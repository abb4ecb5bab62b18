import { setTimeout as after } from 'node:timers/promises'
import type { Logger, Metrics } from '@varai/runtime'
import pRetry from 'p-retry'
import type { Query } from '../pure/admin-api/documents.ts'
import { lowerPageSize } from '../pure/admin-api/page-size.ts'
import { type Answer, readAnswer } from '../pure/admin-api/read-answer.ts'
import type { Tree } from '../pure/admin-api/tree.ts'
import type { AccessToken } from './access-token.ts'
import { ApiRefused, ApiUnavailable } from './api-failure.ts'
import { type Posted, post } from './post.ts'
import type { QueryBudget } from './query-budget.ts'

export type Limits = {
  /** For one request and its answer; default 30 s. */
  readonly requestMs: number
  /** For one query with all its attempts and waits; default 60 s. What takes longer comes back as ApiUnavailable. */
  readonly patienceMs: number
  /** Attempts after the first that failed for another reason than points; default 4. */
  readonly retries: number
  /** Before the first of them, doubling with jitter up to 10 s; default 500 ms. */
  readonly firstPauseMs: number
}
export const defaultLimits: Limits = { requestMs: 30_000, patienceMs: 60_000, retries: 4, firstPauseMs: 500 }

export type SendQueryPorts = {
  /** Without a trailing slash. */
  readonly apiUrl: string
  readonly version: string
  /** For logs and metrics. */
  readonly storeId: string
  readonly token: AccessToken
  readonly budget: QueryBudget
  readonly log: Logger
  readonly metrics?: Metrics
  readonly limits: Limits
  readonly now?: () => number
}

export type Answered = {
  readonly data: Tree
  /** When the answer came in, epoch ms. */
  readonly at: number
}

/**
 * Sends a query and resolves with its data. `first`, the page size, is lowered as far as one query's cost demands, and
 * stays so for queries of that name. Rejects with ApiRefused, ApiUnavailable, or the signal's reason.
 */
export type SendQuery = (
  query: Query,
  variables: Readonly<Record<string, unknown>> & { readonly first?: number },
  signal: AbortSignal,
) => Promise<Answered>

/** Asks for another attempt that needs no pause: the budget, a new token or a smaller page makes the difference. */
class AtOnce extends Error {}

export function createSendQuery(ports: SendQueryPorts): SendQuery {
  const { token, budget, log, limits, storeId, now = Date.now } = ports
  const observe = measure(ports.metrics)
  const url = `${ports.apiUrl}/admin/api/${ports.version}/graphql.json`
  /** What a query cost when it was last asked for; before that nobody knows, and Shopify is asked. */
  const costs = new Map<string, number>()
  const pageSizes = new Map<string, number>()
  const warned = new Set<string>()

  function warnOnce(topic: string, fields: object, message: string): void {
    if (warned.has(topic)) return
    warned.add(topic)
    log.warn({ store: storeId, ...fields }, message)
  }

  function noteVersion({ headers }: Posted): void {
    const answered = headers.get('x-shopify-api-version')
    if (answered === null) return
    observe?.version(storeId, answered === ports.version)
    if (answered !== ports.version) {
      warnOnce(`version ${answered}`, { asked: ports.version, answered }, 'shopify-api.other-version')
    }
  }

  async function exchange(
    query: Query,
    variables: Readonly<Record<string, unknown>>,
    of: { signal: AbortSignal; deadline: number },
  ): Promise<{ answer: Answer; accessToken: string; at: number }> {
    const key = `${query.name} ${variables['first'] ?? ''}`
    const accessToken = await token.current(of.signal)
    const cost = costs.get(key) ?? 1
    await budget.admit(cost, of)
    const startedAt = performance.now()
    let answer: Answer | undefined
    try {
      const posted = await post(
        url,
        {
          headers: {
            ...{ 'content-type': 'application/json', accept: 'application/json' },
            'x-shopify-access-token': accessToken,
          },
          body: JSON.stringify({ query: query.text, variables }),
        },
        { signal: of.signal, timeoutMs: limits.requestMs },
      )
      noteVersion(posted)
      const { status, body, headers } = posted
      answer = readAnswer({ status, body, retryAfter: headers.get('retry-after') }, now())
      return { answer, accessToken, at: now() }
    } finally {
      const told = answer?.kind === 'data' || answer?.kind === 'throttled' ? answer.cost : undefined
      if (told !== undefined) costs.set(key, told.requested)
      budget.settle(cost, told?.status)
      observe?.request(query.name, answer?.kind ?? 'no-answer', performance.now() - startedAt)
    }
  }

  return async (query, asked, signal) => {
    const deadline = now() + limits.patienceMs
    let renewed = false

    async function attempt(): Promise<Answered> {
      const size = Math.min(asked.first ?? 0, pageSizes.get(query.name) ?? Number.POSITIVE_INFINITY)
      const variables = asked.first === undefined ? asked : { ...asked, first: size }
      const { answer, accessToken, at } = await exchange(query, variables, { signal, deadline })
      switch (answer.kind) {
        case 'data':
          if (answer.hidden.length > 0) {
            warnOnce(`hidden ${answer.hidden.join()}`, { fields: answer.hidden }, 'shopify-api.fields-hidden')
          }
          return { data: answer.data, at }
        case 'throttled':
          // Without figures the budget cannot tell how long to wait.
          if (answer.cost?.status === undefined) throw new ApiUnavailable('throttled', 'no figures given')
          throw new AtOnce('throttled')
        case 'too-expensive': {
          const smaller = lowerPageSize(size, answer)
          if (smaller === undefined) throw new ApiRefused('invalid-query', `${query.name} costs ${answer.cost} points`)
          pageSizes.set(query.name, smaller)
          log.info({ store: storeId, query: query.name, from: size, to: smaller }, 'shopify-api.smaller-pages')
          throw new AtOnce('smaller pages')
        }
        case 'refused':
          if (answer.reason === 'unauthorised' && !renewed && token.refused(accessToken)) {
            renewed = true
            throw new AtOnce('another token')
          }
          throw new ApiRefused(answer.reason, answer.detail)
        case 'unavailable':
          throw new ApiUnavailable(answer.reason, answer.detail, { retryAfterMs: answer.retryAfterMs ?? 0 })
        default:
          return answer satisfies never
      }
    }

    return pRetry(attempt, {
      signal,
      retries: limits.retries,
      minTimeout: limits.firstPauseMs,
      maxTimeout: 10_000,
      randomize: true,
      shouldConsumeRetry: ({ error }) => !(error instanceof AtOnce),
      async shouldRetry({ error }) {
        if (error instanceof AtOnce) return now() < deadline
        if (!(error instanceof ApiUnavailable)) return false
        if (now() + error.retryAfterMs > deadline) return false
        if (error.retryAfterMs > 0) await after(error.retryAfterMs, undefined, { signal }).catch(() => undefined)
        return true
      },
    }).catch((error: unknown) => {
      if (error instanceof AtOnce) throw new ApiUnavailable('throttled', 'again and again', { retryAfterMs: 1_000 })
      throw error
    })
  }
}

function measure(metrics: Metrics | undefined) {
  const took = metrics?.histogram({
    what: 'shopify_request',
    unit: 'seconds',
    help: 'Requests to the Admin API, by query and what the answer was',
    labels: ['query', 'answer'],
  })
  const other = metrics?.gauge({
    what: 'shopify_other_version',
    help: '1 while a store is answered by another API version than the one asked for',
    labels: ['store'],
  })
  if (took === undefined || other === undefined) return undefined
  return {
    request: (query: string, answer: string, ms: number) => took.observe({ query, answer }, ms / 1_000),
    version: (store: string, same: boolean) => other.set({ store }, same ? 0 : 1),
  }
}
