import { NoAnswer } from '@varai/ingest'
import {
  asSwept,
  type Cursor,
  type KnownRecordStore,
  type PollEntry,
  type PollFrom,
  type PollKind,
  type PollPage,
  sweepKind,
} from '@varai/ingest/poll'
import { readTime } from '@varai/ingest/pure'
import { type ShopifyStore, storeRef } from '@varai/runtime/stores'
import type { AdminApi, ApiStatement, Listed } from '../admin-api/admin-api.ts'
import type { OfStores } from '../admin-api/api-clients.ts'
import { ApiRefused, ApiUnavailable } from '../admin-api/api-failure.ts'
import { translateDeletion } from '../pure/translate/deletion.ts'

export type PollPorts = {
  readonly clients: OfStores<AdminApi>
  readonly known: KnownRecordStore
  /** Between two readings of the whole catalogue, and of what may be gone, ms. */
  readonly wholeEveryMs: number
  readonly now?: () => number
}

/** Products that are told before it is noted how far they go. */
const productsOfPage = 25
/** What was made just before may not have come to every copy of the shop's database. */
const copiesLagMs = 60_000
const day = 24 * 3_600_000

/**
 * Everything of a shop that is asked for on a clock. Orders, customers and products by when they were changed; the stock
 * of its locations likewise, at first that of the last day, since Shopify lists 25,000 levels at most; the whole
 * catalogue besides, because metafields change and their product does not; and what we know of, for what is gone. Of
 * orders that cannot be asked: Shopify shows an app none that is older than 60 days, and those are not gone. A shop that
 * has removed the app is not asked any more.
 */
export function shopifyPollKinds({
  clients,
  known,
  wholeEveryMs,
  now = Date.now,
}: PollPorts): PollKind<ShopifyStore>[] {
  function clientOf(store: ShopifyStore): AdminApi {
    if (store.credentials === undefined) throw new ApiRefused('unauthorised', 'no credentials')
    return clients.of(store, store.credentials)
  }

  const changed = (list: Listed): PollKind<ShopifyStore> => ({
    name: list,
    async *read(store, { since, position, signal }) {
      const from = typeof position?.['since'] === 'number' ? position['since'] : since
      for await (const { said, answeredAt, upTo } of clientOf(store).getChanged(list, from, signal)) {
        const cursor = upTo && cursorOf(upTo.id, upTo.changedAt)
        yield { entries: said.map(entryOf), answeredAt, ...(cursor && { cursor, position: { since: cursor.at } }) }
      }
    },
  })

  const catalogue: PollKind<ShopifyStore> = {
    name: 'catalogue',
    everyMs: wholeEveryMs,
    async *read(store, { position, signal }) {
      const behind = typeof position?.['behind'] === 'string' ? position['behind'] : undefined
      const told: ApiStatement[] = []
      for await (const said of clientOf(store).getProducts(signal, behind)) {
        told.push(said)
        if (told.length < productsOfPage) continue
        yield { ...pageOf(told.splice(0)), position: { behind: said.entityId } }
      }
      if (told.length > 0) yield pageOf(told)
    },
  }

  const stock: PollKind<ShopifyStore> = {
    name: 'stock',
    async *read(store, { since, signal }) {
      const begunAt = now()
      let newest = 0
      for await (const { said, answeredAt } of clientOf(store).getChangedLevels(since ?? begunAt - day, signal)) {
        const entries = said.map(entryOf)
        newest = Math.max(newest, ...entries.map(({ at }) => at ?? 0))
        yield { entries, answeredAt }
      }
      // What changed while it was read may lie behind.
      const at = Math.min(newest, begunAt - copiesLagMs)
      if (newest > 0) yield { entries: [], answeredAt: now(), cursor: { at, id: '' } }
    },
  }

  const sweep = (list: 'products' | 'customers'): PollKind<ShopifyStore> =>
    sweepKind<ShopifyStore>({
      name: `gone-${list}`,
      everyMs: wholeEveryMs,
      known: (store, after) => known.live(list, storeRef(store), after),
      async shown(store, ids, signal) {
        const found = await clientOf(store).getShown(list, ids, signal)
        return { ...found, storeTime: found.answeredAt - copiesLagMs }
      },
      async ask(_store, id, startedAt) {
        const kind = list === 'products' ? 'Product' : 'Customer'
        return { id, at: undefined, document: { id }, translation: asSwept(translateDeletion(kind, { id }), startedAt) }
      },
    })

  const kinds = [changed('orders'), changed('customers'), changed('products'), stock, catalogue]
  return [...kinds, sweep('products'), sweep('customers')].map((kind) => ({
    ...kind,
    async *read(store: ShopifyStore, from: PollFrom) {
      if (await known.isUninstalled(storeRef(store))) return
      yield* answering(kind.read(store, from))
    },
  }))
}

/** The API's own outage, in the words of polls: with when the shop wants to be asked again. */
async function* answering(pages: AsyncIterable<PollPage>): AsyncGenerator<PollPage> {
  try {
    yield* pages
  } catch (error) {
    if (!(error instanceof ApiUnavailable)) throw error
    throw new NoAnswer(error.message, error.retryAfterMs || undefined)
  }
}

const pageOf = (said: readonly ApiStatement[]): PollPage => ({
  entries: said.map(entryOf),
  answeredAt: said.at(-1)?.answeredAt ?? 0,
})

const entryOf = ({ entityId, translation, changedAt, document }: ApiStatement): PollEntry => ({
  ...{ id: entityId, translation, document },
  at: cursorOf(entityId, changedAt)?.at,
})

function cursorOf(id: string, changedAt: string | undefined): Cursor | undefined {
  const time = readTime(changedAt)
  return time.ok ? { at: time.value, id } : undefined
}
