import { patiently } from '@varai/ingest'
import { asSwept, type KnownRecordStore, type PollEntry, type PollKind, sweepKind } from '@varai/ingest/poll'
import { read, readUtcTime, type Statement, type Translation } from '@varai/ingest/pure'
import type { Logger } from '@varai/runtime'
import { type StoreOf, storeRef } from '@varai/runtime/stores'
import { whichOf } from '../pure/rest-api/search-query.ts'
import { translateCustomer } from '../pure/translate/customer.ts'
import { translateDeletion } from '../pure/translate/deletion.ts'
import { translateOrder } from '../pure/translate/order.ts'
import { translateProduct } from '../pure/translate/product.ts'
import { translateStock } from '../pure/translate/stock.ts'
import type { Listings } from '../rest-api/listings.ts'
import { type Entity, idOf, type RestApi } from '../rest-api/rest-api.ts'

type Store = StoreOf<'magento'>

export type PollPorts = {
  readonly api: RestApi
  readonly listings: Listings
  readonly known: Pick<KnownRecordStore, 'live'>
  readonly log: Logger
  /** Between two readings of what may be gone, ms. */
  readonly wholeEveryMs: number
}

/** What a poll calls what it finds: it cannot tell what happened, only how things are. */
const translators: Readonly<Record<Entity, (document: unknown, store: Store) => Translation<Statement[]>>> = {
  orders: (document, store) => translateOrder(document, { store, eventName: 'order_updated' }),
  customers: (document, store) => translateCustomer(document, { store, eventName: 'customer_updated' }),
  products: (document, store) => translateProduct(document, { store, eventName: 'product_catalog_update' }),
}

const singular = { orders: 'order', customers: 'customer', products: 'product' } as const

/**
 * Everything of a shop that is asked for on a clock: orders, customers and products by when they were changed; stock by
 * itself and all of it, because it moves without the product's time; and whatever we know of, for what is gone. Magento
 * itself never deletes an order, but extensions do.
 */
export function magentoPollKinds({ api, listings, known, log, wholeEveryMs }: PollPorts): PollKind<Store>[] {
  const entryOf = (store: Store, entity: Entity, document: unknown): PollEntry => ({
    id: idOf(document) ?? '',
    at: read(document).readable('updated_at', readUtcTime),
    translation: translators[entity](document, store),
    document,
  })

  const changed = (name: Entity): PollKind<Store> => ({
    name,
    async *read(store, { since, position, signal }) {
      const from = placeIn(position) ?? { at: Math.max(0, since ?? 0), id: '0' }
      for await (const { documents, answeredAt, place } of listings.getChanged(store, name, from, signal)) {
        const entries = documents.map((document) => entryOf(store, name, document))
        yield { entries, answeredAt, cursor: place, position: { ...place } }
      }
    },
  })

  const stock: PollKind<Store> = {
    name: 'stock',
    async *read(store, { position, signal }) {
      const told = typeof position?.['page'] === 'number' ? position['page'] : 0
      for await (const { documents, answeredAt, page } of listings.getStock(store, told + 1, signal)) {
        const entries = documents.map((document): PollEntry => {
          const translation = translateStock(document, { store, eventName: 'inventory_sync' })
          return { id: read(document).freeText('product_id') ?? '', at: undefined, translation, document }
        })
        yield { entries, answeredAt, position: { page } }
      }
    },
  }

  const sweep = (name: Entity): PollKind<Store> =>
    sweepKind<Store>({
      name: `gone-${name}`,
      everyMs: wholeEveryMs,
      known: (store, after) => known.live(name, storeRef(store), after),
      async shown(store, ids, signal) {
        const search = whichOf(ids, name === 'orders' ? 'entity_id' : 'id')
        const listed = await patiently(() => api.search(store, name, search, signal), signal)
        return { ...listed, ids: new Set(listed.documents.map((document) => idOf(document) ?? '')) }
      },
      async ask(store, id, startedAt, signal) {
        const answer = await api.getOne(store, name, id, signal)
        switch (answer.kind) {
          case 'found':
            return { ...entryOf(store, name, answer.body), at: undefined }
          case 'gone':
            return {
              id,
              at: undefined,
              document: { id },
              translation: asSwept(translateDeletion(singular[name], { id }), startedAt),
            }
          case 'unanswered':
            // The next sweep asks again; if it is the whole store that is silent, the next listing ends the pass.
            log.info({ store: store.id, kind: name, id, reason: answer.reason }, 'sweep.unanswered')
            return undefined
          default:
            return answer satisfies never
        }
      },
    })

  return [
    ...[changed('orders'), changed('customers'), changed('products'), stock],
    ...[sweep('orders'), sweep('customers'), sweep('products')],
  ]
}

function placeIn(position: Readonly<Record<string, string | number>> | undefined) {
  const { at, id } = position ?? {}
  return typeof at === 'number' && typeof id === 'string' ? { at, id } : undefined
}
