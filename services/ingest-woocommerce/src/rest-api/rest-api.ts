import { createHash } from 'node:crypto'
import { type CoolingBounds, createCooling, get, NoAnswer } from '@varai/ingest'
import { type RawAnswer, storeTimeOf } from '@varai/ingest/pure'
import type { StoreOf } from '@varai/runtime/stores'
import { type Answer, pagesOf, readAnswer } from '../pure/read-answer.ts'
import { authorise, type Consumer, type Way } from './authorise.ts'

type Store = StoreOf<'woocommerce'>
export type Entity = 'orders' | 'products' | 'customers'

/** An answer about one entity. Times in epoch ms: ours, and the store's own where its host says it. */
export type EntityAnswer = Answer & {
  readonly answeredAt: number
  readonly storeTime: number | undefined
  /** Names what was answered: the same bytes, the same name. */
  readonly version: string
}

/** One page of a listing. */
export type Page = { readonly documents: readonly unknown[]; readonly page: number; readonly pages: number | undefined }

export type RestApi = {
  getOrder(store: Store, id: string): Promise<EntityAnswer>
  getProduct(store: Store, id: string): Promise<EntityAnswer>
  getCustomer(store: Store, id: string): Promise<EntityAnswer>
  /** The whole catalogue. Rejects with NoAnswer when a page cannot be had: what came before it stands. */
  getProducts(store: Store): AsyncGenerator<Page>
  /** Orders changed at or after a time (epoch ms), by id. The caller overlaps: rows may move between pages. */
  getOrdersChanged(store: Store, since: number): AsyncGenerator<Page>
}

export type RestApiOptions = {
  readonly stopping: AbortSignal
  readonly timeoutMs?: number
  readonly now?: () => number
  /** For tests. */
  readonly send?: typeof get
  readonly cooling?: CoolingBounds
}

const perPage = 100
/** No shop has so many pages; a host that ignores `page` would be read for ever. */
const mostPages = 100_000

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

  async function* listing(store: Store, entity: Entity, query: Readonly<Record<string, string>>): AsyncGenerator<Page> {
    for (let page = 1; page <= mostPages; page += 1) {
      const parameters = new URLSearchParams({ per_page: String(perPage), page: String(page), order: 'asc', ...query })
      const { answer, raw } = await ask(store, `${entity}?${parameters}`)
      if (answer.kind !== 'found' || raw === undefined || !Array.isArray(answer.body)) {
        throw new NoAnswer(answer.kind === 'unanswered' ? answer.reason : 'the answer is no list')
      }
      const pages = pagesOf(raw.headers)
      if (answer.body.length > 0) yield { documents: answer.body, page, pages }
      if (pages === undefined ? answer.body.length < perPage : page >= pages) return
    }
  }

  return {
    getOrder: (store, id) => one(store, 'orders', id),
    getProduct: (store, id) => one(store, 'products', id),
    getCustomer: (store, id) => one(store, 'customers', id),
    getProducts: (store) => listing(store, 'products', { orderby: 'id' }),
    // Without `dates_are_gmt` the time would be read in the site's own zone.
    getOrdersChanged: (store, since) =>
      listing(store, 'orders', {
        ...{ orderby: 'id', dates_are_gmt: 'true' },
        modified_after: new Date(since - 1_000).toISOString().slice(0, 19),
      }),
  }
}

const refused = (reason: string) => ({ kind: 'unanswered', reason }) as const
