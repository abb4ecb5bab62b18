import { AnswerTooLarge, type CoolingBounds, createCooling, get, NoAnswer } from '@varai/ingest'
import { read, readId, storeTimeOf } from '@varai/ingest/pure'
import type { StoreOf } from '@varai/runtime/stores'
import { type Answer, readAnswer, rowsOf } from '../pure/rest-api/read-answer.ts'
import { type Search, searchQuery } from '../pure/rest-api/search-query.ts'
import { authorise } from './authorise.ts'

type Store = StoreOf<'magento'>
export type Entity = 'orders' | 'products' | 'customers'

/** Times of an answer, epoch ms: ours, and the store's own where its host says it. */
type Answered = { readonly answeredAt: number; readonly storeTime: number | undefined }

/** Rows of a listing, as the store has them. */
export type Listed = Answered & {
  readonly documents: readonly unknown[]
  /** How many there are on all pages; undefined where the store does not say. */
  readonly total: number | undefined
}

/** An answer about one entity. */
export type EntityAnswer =
  | (Answered & { readonly kind: 'found'; readonly body: unknown })
  | (Answered & { readonly kind: 'gone' })
  | { readonly kind: 'unanswered'; readonly reason: string; readonly afterMs?: number | undefined }

export type RestApi = {
  /** Rows that are searched for. Rejects with NoAnswer when there is no such answer. */
  search(store: Store, entity: Entity, search: Search, signal?: AbortSignal): Promise<Listed>
  /** A page of the stock of everything that is counted. Past its end it is the last page again. Rejects as `search`. */
  stock(store: Store, page: { readonly number: number; readonly size: number }, signal?: AbortSignal): Promise<Listed>
  /** By the id of its row (`entity_id`), not by the number or SKU that people know. */
  getOne(store: Store, entity: Entity, id: string, signal?: AbortSignal): Promise<EntityAnswer>
  getOrder(store: Store, id: string): Promise<EntityAnswer>
}

export type RestApiOptions = {
  readonly stopping: AbortSignal
  /** Magento takes its time for a page of a hundred; 30 s unless told. */
  readonly timeoutMs?: number
  readonly now?: () => number
  readonly cooling?: CoolingBounds
}

const paths: Readonly<Record<Entity, string>> = {
  ...{ orders: 'orders', products: 'products', customers: 'customers/search' },
}
/** More units than any shelf has: everything is "low" on stock. */
const allStock = 99_999_999

/** Magento's REST API, for reading. A store that did not answer is left alone for a while, whoever asks. */
export function createRestApi(options: RestApiOptions): RestApi {
  const { stopping, timeoutMs = 30_000, now = Date.now } = options
  const cooling = createCooling({ now, ...(options.cooling && { bounds: options.cooling }) })

  async function ask(store: Store, path: string, signal = stopping): Promise<Answer & Answered> {
    const refused = (reason: string, afterMs?: number) => ({
      ...{ kind: 'unanswered' as const, reason, afterMs, answeredAt: now(), storeTime: undefined },
    })
    if (store.credentials === undefined) return refused('there are no API credentials')
    const key = `${store.merchantId}|${store.id}`
    const wait = cooling.wait(key)
    if (wait > 0) return refused('it is left alone for now', wait)
    const url = `${store.api.url}/rest/${encodeURIComponent(store.storeCode)}/${store.api.version ?? 'V1'}/${path}`
    try {
      const authorization = authorise(url, store.credentials)
      const raw = await get(url, { authorization }, { signal: AbortSignal.any([stopping, signal]), timeoutMs })
      const answer = readAnswer(raw, now())
      if (answer.kind === 'unanswered') cooling.failed(key, answer.afterMs)
      else cooling.answered(key)
      return { ...answer, answeredAt: now(), storeTime: storeTimeOf(raw.headers) }
    } catch (error) {
      // Too large for us, which is no fault of the store.
      if (error instanceof AnswerTooLarge || !(error instanceof NoAnswer)) throw error
      cooling.failed(key)
      return refused(error.message)
    }
  }

  async function list(store: Store, path: string, signal: AbortSignal | undefined): Promise<Listed> {
    const answer = await ask(store, path, signal)
    if (answer.kind === 'unanswered') throw new NoAnswer(answer.reason, answer.afterMs)
    const rows = rowsOf(answer.body)
    if (rows === undefined) throw new NoAnswer('the answer is no list')
    const { answeredAt, storeTime } = answer
    return { documents: rows.items, total: rows.total, answeredAt, storeTime }
  }

  /** Searched for: in what words Magento says that there is none depends on the shop's language. */
  async function getOne(store: Store, entity: Entity, id: string, signal?: AbortSignal): Promise<EntityAnswer> {
    const search = searchQuery({ groups: [[{ field: 'entity_id', is: 'eq', value: id }]], page: 1, size: 1 })
    const answer = await ask(store, `${paths[entity]}?${search}`, signal)
    if (answer.kind === 'unanswered') return answer
    const { answeredAt, storeTime } = answer
    const rows = rowsOf(answer.body)
    if (rows === undefined) return { kind: 'unanswered', reason: 'the answer is no list' }
    const [body] = rows.items
    if (body === undefined) return { kind: 'gone', answeredAt, storeTime }
    if (idOf(body) !== id) return { kind: 'unanswered', reason: 'it answered about another one' }
    return { kind: 'found', body, answeredAt, storeTime }
  }

  return {
    search: (store, entity, search, signal) => list(store, `${paths[entity]}?${searchQuery(search)}`, signal),
    stock(store, { number, size }, signal) {
      const query = `scopeId=0&qty=${allStock}&pageSize=${size}&currentPage=${number}`
      return list(store, `stockItems/lowStock?${query}`, signal)
    },
    getOne,
    getOrder: (store, id) => getOne(store, 'orders', id),
  }
}

/** The id of a row, which documents of customers and products call `id`; undefined for what has none. */
export function idOf(row: unknown): string | undefined {
  const of = read(row)
  return of.readable('entity_id', readId) ?? of.readable('id', readId)
}
