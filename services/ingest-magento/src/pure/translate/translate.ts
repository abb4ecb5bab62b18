import {
  type Reader,
  read,
  readFlag,
  readText,
  type Statement,
  type Translation,
  type TranslationContext,
} from '@varai/ingest/pure'
import type { EventName } from '@varai/schemas'
import { modifiedAt, timeOf } from '../store-time.ts'
import { tellCustomer } from './customer.ts'
import { tellDeletion } from './deletion.ts'
import { tellOrder } from './order.ts'
import { tellCreditMemo, tellShipment } from './order-parts.ts'
import { tellProduct } from './product.ts'
import { tellStock } from './stock.ts'
import type { Telling } from './telling.ts'

type Told = Omit<Telling, 'eventName'>
type Tell = (document: Reader, told: Told) => Translation<Statement[]>

const order: Tell = (document, told) => tellOrder(document, { ...told, eventName: orderEvent(document) })
const customer: Tell = (document, told) =>
  tellCustomer(document, { ...told, eventName: isNew(document) ? 'customer_created' : 'customer_updated' })
const product: Tell = (document, told) =>
  tellProduct(document, { ...told, eventName: isNew(document) ? 'product_created' : 'product_updated' })
const stock: Tell = (document, told) => tellStock(document, { ...told, eventName: 'inventory_sync' })
const creditMemo: Tell = (document, told) => tellCreditMemo(document, { ...told, eventName: 'order_refunded' })

/** What our module says happened. */
const moduleTopics: ReadonlyMap<string, Tell> = new Map<string, Tell>([
  ['order.saved', order],
  ['order.deleted', (document) => tellDeletion('order', document)],
  ['customer.saved', customer],
  ['customer.deleted', (document) => tellDeletion('customer', document)],
  ['product.saved', product],
  ['product.deleted', (document) => tellDeletion('product', document)],
  ['stock.saved', stock],
])

/** Adobe's events by what was watched, after it was committed. */
const committed: readonly (readonly [name: string, tell: Tell])[] = [
  ['sales_order_save_commit_after', order],
  ['sales_order_delete_commit_after', (document) => tellDeletion('order', document)],
  ['sales_order_creditmemo_save_commit_after', creditMemo],
  ['sales_order_shipment_save_commit_after', (document) => tellShipment(document)],
  ['sales_order_invoice_save_commit_after', () => invoiced],
  ['customer_save_commit_after', customer],
  ['customer_delete_commit_after', (document) => tellDeletion('customer', document)],
  ['catalog_product_save_commit_after', product],
  ['catalog_product_delete_commit_after', (document) => tellDeletion('product', document)],
  ['cataloginventory_stock_item_save_commit_after', stock],
]

/**
 * Events of what is not committed yet say the same: Adobe's module keeps them in the shop's own database until they are
 * sent, so they go with what is taken back.
 */
const adobeTopics: ReadonlyMap<string, Tell> = new Map(
  committed.flatMap(([name, tell]) => [
    [name, tell],
    [name.replace('_commit_after', '_after'), tell],
  ]),
)

const invoiced: Translation<Statement[]> = {
  ok: true,
  value: [],
  leftOut: [],
  note: 'the order is saved with each of its invoices and says itself what is due',
}

/** All topics that are understood. */
export const knownTopics: ReadonlySet<string> = new Set([...moduleTopics.keys(), ...adobeTopics.keys()])

/** A document of our module, or the event that Adobe wraps one in → what the store states. All failures at once. */
export function translate(body: unknown, { topic, store }: TranslationContext): Translation<Statement[]> {
  const ofModule = moduleTopics.get(topic)
  if (ofModule !== undefined) return ofModule(read(body), { store })
  const ofAdobe = adobeTopics.get(topic)
  return ofAdobe === undefined
    ? unknownTopic
    : unwrap(read(body), (document) => ofAdobe(document, { store, partial: true }))
}

const unknownTopic: Translation<never> = { ok: false, failures: [{ path: '', reason: 'unknown topic' }] }

/** A CloudEvent holds the document as the value of its data. */
function unwrap(event: Reader, tell: (document: Reader) => Translation<Statement[]>): Translation<Statement[]> {
  const data = event.child('data')
  const document = data?.child('value')
  if (document !== undefined) return tell(document)
  if (data === undefined) event.fail('data', 'is missing')
  else data.fail('value', 'is missing')
  return event.result([])
}

/** Magento saves what it makes once or more within the same second, and events say `_isNew` where they were asked to. */
function isNew(document: Reader): boolean {
  const said = document.readable('_isNew', readFlag)
  if (said !== undefined) return said
  const createdAt = timeOf(document, 'created_at')
  const at = modifiedAt(document)
  return createdAt !== undefined && at !== undefined && at <= createdAt + 1_000
}

function orderEvent(document: Reader): EventName {
  if (isNew(document)) return 'order_created'
  switch ((document.readable('state', readText) ?? document.readable('status', readText))?.toLowerCase()) {
    case 'canceled':
      return 'order_cancelled'
    case 'complete':
      return 'order_completed'
    default:
      return 'order_updated'
  }
}
