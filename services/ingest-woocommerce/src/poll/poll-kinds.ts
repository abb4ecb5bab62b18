import { patiently } from '@varai/ingest'
import { type KnownRecordStore, type PollEntry, type PollKind, type PollPage, sweepKind } from '@varai/ingest/poll'
import { read, readId } from '@varai/ingest/pure'
import type { Logger } from '@varai/runtime'
import { type StoreOf, storeRef } from '@varai/runtime/stores'
import type { EventName } from '@varai/schemas'
import type { Resource } from '../pure/translate/deletion.ts'
import { hasVariations, translateVariations } from '../pure/translate/product/variations.ts'
import { translateDocument } from '../pure/translate/translate.ts'
import { askEntity } from '../rest-api/ask-entity.ts'
import type { Listed, RestApi } from '../rest-api/rest-api.ts'
import { statedBy } from '../rest-api/stated-by.ts'
import { type Row, type Rows, readById } from './read-by-id.ts'

type Store = StoreOf<'woocommerce'>

export type PollPorts = {
  readonly api: RestApi
  readonly known: Pick<KnownRecordStore, 'live'>
  readonly log: Logger
  /** Between two readings of what cannot be asked for by its changes, and of what may be gone, ms. */
  readonly wholeEveryMs: number
}

/** What a poll calls what it finds: it cannot tell what happened, only how things are. */
const events: Readonly<Record<Resource, EventName>> = {
  order: 'order_updated',
  product: 'product_catalog_update',
  customer: 'customer_updated',
}

/**
 * Everything of a shop that is asked for on a clock. Orders and products by when they were changed; customers, whom
 * WooCommerce cannot list so, all of them; the whole catalogue, because a variation may change and its product does not;
 * and whatever we know of, for what is gone for good. The longer intervals are for what costs a shop the most.
 */
export function wooPollKinds({ api, known, log, wholeEveryMs }: PollPorts): PollKind<Store>[] {
  type Query = Readonly<Record<string, string>>

  const reading =
    (store: Store, path: string, signal: AbortSignal, more: Query = {}) =>
    (query: Query) =>
      patiently(() => api.list(store, path, { ...query, ...more }), signal)

  const entryOf = (store: Store, resource: Resource, { id, at, document }: Row): PollEntry => ({
    ...{ id, at, document },
    translation: translateDocument(resource, events[resource], document, store.currency),
  })

  const pageOf = ({ answeredAt, position, cursor }: Rows, entries: readonly PollEntry[]): PollPage => ({
    ...{ entries, answeredAt, position, ...(cursor && { cursor }) },
  })

  /** All variations of a product as one statement. `asOf`: when they were all of them; else, as old as the newest. */
  async function variationsOf(store: Store, product: Row, signal: AbortSignal, asOf?: number): Promise<PollEntry[]> {
    if (!hasVariations(product.document)) return []
    const ask = reading(store, `products/${product.id}/variations`, signal)
    const rows: Row[] = []
    for await (const page of readById({ ask })) rows.push(...page.rows)
    const at = asOf ?? Math.max(product.at ?? 0, ...rows.map((row) => row.at ?? 0))
    const document = rows.map((row) => row.document)
    const translation = translateVariations(events.product, { productId: product.id, at, variations: document })
    return [{ id: `${product.id}:variations`, at: asOf === undefined ? at : undefined, translation, document }]
  }

  /** `any` status leaves out what lies in the trash, so that is asked for by itself: it says when it went there. */
  const changed = (name: 'orders' | 'products', resource: 'order' | 'product', trashed = false): PollKind<Store> => ({
    name: trashed ? `trashed-${name}` : name,
    async *read(store, { since, position, signal }) {
      // Without `dates_are_gmt` the time would be read in the site's own zone.
      const after = since === undefined ? {} : { modified_after: gmt(since - 1_000), dates_are_gmt: 'true' }
      const ask = reading(store, name, signal, { status: trashed ? 'trash' : 'any', ...after })
      for await (const page of readById({ ask, position })) {
        const entries: PollEntry[] = []
        for (const row of page.rows) {
          entries.push(entryOf(store, resource, row))
          if (resource === 'product' && !trashed) entries.push(...(await variationsOf(store, row, signal)))
        }
        yield pageOf(page, entries)
      }
    },
  })

  const catalogue: PollKind<Store> = {
    name: 'catalogue',
    everyMs: wholeEveryMs,
    async *read(store, { position, signal }) {
      const ask = reading(store, 'products', signal, { status: 'any' })
      for await (const page of readById({ ask, position })) {
        const entries: PollEntry[] = []
        for (const row of page.rows) {
          entries.push(...(await variationsOf(store, row, signal, page.begunAt ?? page.answeredAt)))
        }
        const { cursor: _, ...rest } = page
        yield pageOf(rest, entries)
      }
    },
  }

  const customers: PollKind<Store> = {
    name: 'customers',
    everyMs: wholeEveryMs,
    async *read(store, { since = 0, position, signal }) {
      const ask = reading(store, 'customers', signal)
      for await (const page of readById({ ask, position })) {
        const news = page.rows.filter(({ at }) => at === undefined || at >= since)
        yield pageOf(
          page,
          news.map((row) => entryOf(store, 'customer', row)),
        )
      }
    },
  }

  const sweep = (name: 'orders' | 'products' | 'customers', resource: Resource): PollKind<Store> =>
    sweepKind<Store>({
      name: `gone-${name}`,
      everyMs: wholeEveryMs,
      known: (store, after) => known.live(name, storeRef(store), after),
      async shown(store, ids, signal) {
        const all = resource === 'customer' ? { role: 'all' } : { status: 'any' }
        const query = { per_page: '100', include: ids.join(','), _fields: 'id', ...all }
        const listed: Listed = await patiently(() => api.list(store, name, query), signal)
        return { ...listed, ids: idsIn(listed) }
      },
      async ask(store, id, startedAt) {
        const answer = await askEntity(api, resource)(store, id)
        if (answer.kind === 'unanswered') {
          // The next sweep asks again; if it is the whole store that is silent, the next listing ends the pass.
          log.info({ store: store.id, kind: name, id, reason: answer.reason }, 'sweep.unanswered')
          return undefined
        }
        const of = { resource, id, event: events[resource], currency: store.currency, goneAt: startedAt }
        const document = answer.kind === 'found' ? answer.body : { id }
        return { id, at: undefined, translation: statedBy(answer, of), document }
      },
    })

  return [
    ...[changed('orders', 'order'), changed('products', 'product')],
    ...[changed('orders', 'order', true), changed('products', 'product', true)],
    ...[customers, catalogue],
    ...[sweep('orders', 'order'), sweep('products', 'product'), sweep('customers', 'customer')],
  ]
}

const gmt = (at: number): string => new Date(Math.max(0, at)).toISOString().slice(0, 19)

function idsIn({ documents }: Listed): ReadonlySet<string> {
  return new Set(documents.map((document) => read(document).readable('id', readId) ?? ''))
}
