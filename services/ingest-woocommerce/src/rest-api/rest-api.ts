import { createHash } from 'node:crypto'
import { type CoolingBounds, createCooling, get, NoAnswer } from '@varai/ingest'
import { type RawAnswer, storeTimeOf } from '@varai/ingest/pure'
import type { StoreOf } from '@varai/runtime/stores'
import { type Answer, readAnswer, totalOf } from '../pure/read-answer.ts'
import { authorise, type Consumer, type Way } from './authorise.ts'

type Store = StoreOf<'woocommerce'>
type Entity = 'orders' | 'products' | 'customers'

/** An answer about one entity. Times in epoch ms: ours, and the store's own where its host says it. */
export type EntityAnswer = Answer & {
  readonly answeredAt: number
  readonly storeTime: number | undefined
  /** Names what was answered: the same bytes, the same name. */
  readonly version: string
}

/** One page of a listing. */
export type Listed = {
  readonly documents: readonly unknown[]
  /** How many there are in all; undefined where a host took the header away. */
  readonly total: number | undefined
  /** Epoch ms: ours, and the store's own where its host says it. */
  readonly answeredAt: number
  readonly storeTime: number | undefined
}

export type RestApi = {
  getOrder(store: Store, id: string): Promise<EntityAnswer>
  getProduct(store: Store, id: string): Promise<EntityAnswer>
  getCustomer(store: Store, id: string): Promise<EntityAnswer>
  /** Rows of a listing such as `orders` or `products/7/variations`. Rejects with NoAnswer when there is no such answer. */
  list(store: Store, path: string, query: Readonly<Record<string, string>>): Promise<Listed>
}

export type RestApiOptions = {
  readonly stopping: AbortSignal
  readonly timeoutMs?: number
  readonly now?: () => number
  /** For tests. */
  readonly send?: typeof get
  readonly cooling?: CoolingBounds
}

/** WooCommerce's REST API, version 3. A store that did not answer is left alone for a while, whoever asks. */
export function createRestApi(options: RestApiOptions): RestApi {
  const { stopping, timeoutMs = 10_000, now = Date.now, send = get } = options
  const ways = new Map<string, Way>()
  const cooling = createCooling({ now, ...(options.cooling && { bounds: options.cooling }) })

  const storeKey = ({ merchantId, id }: Store): string => `${merchantId}|${id}`

  async function ask(store: Store, path: string): Promise<{ answer: Answer; raw: RawAnswer | undefined }> {
    const { credentials } = store
    if (credentials === undefined) return { answer: refused('there are no API credentials'), raw: undefined }
    const key = storeKey(store)
    const wait = cooling.wait(key)
    if (wait > 0) return { answer: { ...refused('it is left alone for now'), afterMs: wait }, raw: undefined }
    const url = new URL(`${store.api.url}/wp-json/wc/${store.api.version ?? 'v3'}/${path}`)
    const asked = await once(url, credentials, ways.get(key) ?? 'header')
    const { answer } = asked
    const hidden = answer.kind === 'unanswered' && asked.raw?.status === 401 && !ways.has(key)
    if (!hidden || url.protocol !== 'https:') return remembered(key, asked)
    // Some hosts take the Authorization header away; the same request with the key in the query tells.
    const again = await once(url, credentials, 'query')
    if (again.answer.kind !== 'unanswered') ways.set(key, 'query')
    return remembered(key, again)
  }

  async function once(url: URL, consumer: Consumer, way: Way): Promise<{ answer: Answer; raw: RawAnswer | undefined }> {
    const { url: authorised, headers } = authorise(url, consumer, way)
    try {
      const raw = await send(authorised, headers, { signal: stopping, timeoutMs })
      return { answer: readAnswer(raw, now()), raw }
    } catch (error) {
      if (error instanceof NoAnswer) return { answer: refused(error.message), raw: undefined }
      throw error
    }
  }

  function remembered<T extends { answer: Answer }>(key: string, asked: T): T {
    const { answer } = asked
    if (answer.kind === 'unanswered') cooling.failed(key, answer.afterMs)
    else cooling.answered(key)
    return asked
  }

  async function one(store: Store, entity: Entity, id: string): Promise<EntityAnswer> {
    const { answer, raw } = await ask(store, `${entity}/${encodeURIComponent(id)}`)
    const version = createHash('sha256')
      .update(raw?.body ?? '')
      .digest('hex')
      .slice(0, 16)
    return { ...answer, answeredAt: now(), storeTime: raw && storeTimeOf(raw.headers), version }
  }

  return {
    getOrder: (store, id) => one(store, 'orders', id),
    getProduct: (store, id) => one(store, 'products', id),
    getCustomer: (store, id) => one(store, 'customers', id),
    async list(store, path, query) {
      const { answer, raw } = await ask(store, `${path}?${new URLSearchParams(query)}`)
      if (answer.kind !== 'found' || raw === undefined || !Array.isArray(answer.body)) {
        throw answer.kind === 'unanswered'
          ? new NoAnswer(answer.reason, answer.afterMs)
          : new NoAnswer('the answer is no list')
      }
      const total = totalOf(raw.headers)
      return { documents: answer.body, total, answeredAt: now(), storeTime: storeTimeOf(raw.headers) }
    },
  }
}

const refused = (reason: string) => ({ kind: 'unanswered', reason }) as const
