import { AnswerTooLarge, NoAnswer, patiently } from '@varai/ingest'
import { read, readUtcTime } from '@varai/ingest/pure'
import type { StoreOf } from '@varai/runtime/stores'
import { changedAfter, idsAfter, type Place, type Search } from '../pure/rest-api/search-query.ts'
import { type Entity, idOf, type Listed, type RestApi } from './rest-api.ts'

type Store = StoreOf<'magento'>

/** Some rows in the order of change, and the place of the last of them: a reading goes on from there. */
export type ChangedRows = Listed & { readonly place: Place }
/** A page of stock, counted from 1. */
export type StockPage = Listed & { readonly page: number }

/** Whole listings, read piece by piece. Rejects with NoAnswer when a piece cannot be had; what came before it stands. */
export type Listings = {
  /** The whole catalogue, by id, without stock. */
  getProducts(store: Store, signal: AbortSignal): AsyncGenerator<Listed>
  /** Everything that changed after a place, in the order of change: a place among rows of one second counts. */
  getChanged(store: Store, entity: Entity, from: Place, signal: AbortSignal): AsyncGenerator<ChangedRows>
  /** The stock of everything that is counted, from a page on. Rows may move while it is read. */
  getStock(store: Store, fromPage: number, signal: AbortSignal): AsyncGenerator<StockPage>
}

/** No shop has so many pages; one that ignores what is asked for would be read for ever. */
const mostPages = 100_000

export function createListings(options: {
  readonly api: Pick<RestApi, 'search' | 'stock'>
  /** Rows asked for at a time, 100 unless told: Magento is slow, and allows 300 where its limits are switched on. */
  readonly pageSize?: number
  /** For tests. */
  readonly patience?: typeof patiently
}): Listings {
  const { api, pageSize = 100, patience = patiently } = options

  /** As many rows as asked for, or, where those are too large for us, fewer. */
  async function atMost(
    size: number,
    ask: (size: number) => Promise<Listed>,
  ): Promise<{ listed: Listed; size: number }> {
    try {
      return { listed: await ask(size), size }
    } catch (error) {
      if (!(error instanceof AnswerTooLarge) || size === 1) throw error
      return atMost(Math.max(1, Math.floor(size / 4)), ask)
    }
  }

  /**
   * Reads rows beyond a mark, then beyond the last of those, and so on: unlike pages, marks stay where they are while rows
   * come, go and move, and there is no page past the end that a store would repeat.
   */
  async function* beyond<M>(
    store: Store,
    entity: Entity,
    of: {
      readonly from: M
      readonly search: (mark: M) => Pick<Search, 'groups' | 'sort'>
      readonly markOf: (row: unknown) => M
      readonly isAfter: (mark: M, other: M) => boolean
      readonly signal: AbortSignal
    },
  ): AsyncGenerator<Listed & { readonly mark: M }> {
    let [mark, rows] = [of.from, pageSize]
    for (let read = 0; read < mostPages; read += 1) {
      const search = of.search(mark)
      const { listed, size } = await atMost(rows, (size) =>
        patience(() => api.search(store, entity, { ...search, page: 1, size }, of.signal), of.signal),
      )
      rows = size
      const { documents, total } = listed
      if (documents.length === 0) return
      const last = of.markOf(documents.at(-1))
      // A proxy that caches, or an extension that sorts otherwise: going on would skip rows or never end.
      if (!of.isAfter(last, mark)) throw new NoAnswer('the store does not keep to the order that was asked for')
      mark = last
      yield { ...listed, mark }
      if (total === undefined ? documents.length < size : documents.length >= total) return
    }
  }

  return {
    getProducts: (store, signal) =>
      beyond(store, 'products', { from: '0', search: idsAfter, markOf: sureIdOf, isAfter: isLarger, signal }),
    async *getChanged(store, entity, from, signal) {
      const reading = { from, search: changedAfter, markOf: placeOf, isAfter: isLater, signal }
      for await (const { mark, ...rows } of beyond(store, entity, reading)) yield { ...rows, place: mark }
    },
    async *getStock(store, fromPage, signal) {
      for (let page = fromPage; page <= mostPages; page += 1) {
        const listed = await patience(() => api.stock(store, { number: page, size: pageSize }, signal), signal)
        const { documents, total } = listed
        if (documents.length > 0) yield { ...listed, page }
        // Past its end it says the last page again, for ever.
        if (total === undefined ? documents.length < pageSize : page * pageSize >= total) return
      }
    },
  }
}

function sureIdOf(row: unknown): string {
  const id = idOf(row)
  if (id === undefined) throw new NoAnswer('a row without an id')
  return id
}

function placeOf(row: unknown): Place {
  const at = read(row).readable('updated_at', readUtcTime)
  if (at === undefined) throw new NoAnswer('a row that does not say when it changed')
  return { at, id: sureIdOf(row) }
}

const isLarger = (one: string, other: string): boolean => BigInt(one) > BigInt(other)

/** Whether a row lies after the place that was asked for, which Magento knows to the second. */
function isLater(one: Place, other: Place): boolean {
  const [at, before] = [one.at, other.at - (other.at % 1_000)]
  return at > before || (at === before && isLarger(one.id, other.id))
}
