import type { Sendable } from '../deliver.ts'
import { createRandom } from '../random.ts'
import type { MagentoShop } from './create-magento-shop.ts'
import { isDecimal, type MagentoDocument, type MagentoJson, objectOf, stockOf, withoutStock } from './documents.ts'
import type { JournalEntry } from './journal.ts'
import { signedModuleRequest } from './sign-module.ts'

/** A request of our module. Its headers are made when they are asked for: each attempt is signed anew, under one id. */
export type ModuleDelivery = Sendable & { readonly topic: string; readonly eventId: string }

export type ModuleOptions = {
  readonly secret: string
  readonly seed: string
  /**
   * Which share of what is saved is never told, between 0 and 1: a module that was switched off. Default 0. Of what is
   * deleted in the end everything is told, because nobody could ask for it later.
   */
  readonly silence?: number
  /** When a delivery is sent, ms; now unless told. */
  readonly now?: () => number
}

/** What the module of a shop sends in the shop's life, in order. */
export function moduleDeliveries(
  shop: Pick<MagentoShop, 'storeId' | 'journal'>,
  options: ModuleOptions,
): ModuleDelivery[] {
  const random = createRandom(`${options.seed}|${shop.storeId}|module`)
  const nameOf = ({ entity, id }: JournalEntry) => `${entity} ${id}`
  const mortal = new Set(shop.journal.filter(({ what }) => what === 'deleted').map(nameOf))
  return shop.journal.flatMap((entry) => {
    const eventId = random.uuid()
    if (random.chance(options.silence ?? 0) && !mortal.has(nameOf(entry))) return []
    return [delivery(shop.storeId, eventId, entry, options)]
  })
}

function delivery(storeId: string, eventId: string, entry: JournalEntry, options: ModuleOptions): ModuleDelivery {
  const { secret, now = Date.now } = options
  const topic = topicOf(entry)
  const body = Buffer.from(JSON.stringify({ ...bodyOf(entry), saved_at: new Date(entry.at).toISOString() }))
  return {
    topic,
    eventId,
    body,
    get headers() {
      return signedModuleRequest(body, { storeId, secret, topic, eventId, sentAt: now() }).headers
    },
  }
}

const singular = { orders: 'order', customers: 'customer', products: 'product' } as const

function topicOf({ what, entity }: JournalEntry): string {
  return what === 'stock' ? 'stock.saved' : `${singular[entity]}.${what}`
}

function bodyOf({ what, entity, document }: JournalEntry): MagentoDocument {
  if (what === 'deleted') return { id: document['id'] ?? null, sku: document['sku'] ?? null, website_id: 1 }
  if (what === 'stock') return { ...asDatabase(stockOf(document)), sku: document['sku'] ?? null }
  switch (entity) {
    case 'orders':
      return orderBody(document)
    case 'customers':
      return document
    case 'products':
      return asDatabase(withoutStock(document))
    default:
      return entity satisfies never
  }
}

/** What the module allows itself to tell of an order: attributes of a line stand beside its own fields. */
function orderBody({
  payment: _,
  status_histories: __,
  protect_code: ___,
  items,
  ...order
}: MagentoDocument): MagentoDocument {
  const lines = (Array.isArray(items) ? items : []).map((item): MagentoJson => {
    const { parent_item: _, extension_attributes: more, ...line } = objectOf(item)
    return { ...line, ...objectOf(more) }
  })
  return asDatabase({ ...order, payment: { method: 'checkmo' }, items: lines })
}

/** Decimals as the database has them, which is as text with four digits. */
function asDatabase(document: MagentoDocument): MagentoDocument {
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, turned(name, value)]))
}

function turned(name: string, value: MagentoJson): MagentoJson {
  if (typeof value === 'number') return isDecimal(name) ? value.toFixed(4) : value
  if (Array.isArray(value)) return value.map((each) => turned('', each))
  return value !== null && typeof value === 'object' ? asDatabase(value) : value
}
