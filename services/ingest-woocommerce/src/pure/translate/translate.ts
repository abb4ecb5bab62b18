import { read, type Statement, type Translation, type TranslationContext } from '@varai/ingest/pure'
import type { EventName } from '@varai/schemas'
import { wordPressError } from '../foreign-error.ts'
import { ownId } from '../ids.ts'
import { type AiPart, aiDocument, sessionOf, translateAnalysis, translateSession } from './ai.ts'
import { translateCustomer } from './customer.ts'
import { deletion, type Resource } from './deletion.ts'
import { translateOrder } from './order/order.ts'
import { translateProduct } from './product/product.ts'

type Topic = {
  readonly resource: Resource
  readonly event: EventName
  /** What a delivery of it is: the whole document, or nothing but its id. */
  readonly says: 'document' | 'deletion' | 'action'
}

const whole = (resource: Resource, event: EventName): Topic => ({ resource, event, says: 'document' })
const gone = (resource: Resource, event: EventName): Topic => ({ resource, event, says: 'deletion' })
const action = (resource: Resource, event: EventName): Topic => ({ resource, event, says: 'action' })

/** What a topic of ours brings: a whole document about a session, and where in it that stands. */
type Ours = { readonly part: AiPart; readonly translate: (body: unknown) => Translation<Statement[]> }

/**
 * The plugin's own topics; and its PHP hooks, for shops that wire those to WooCommerce's webhooks themselves, which lets
 * them through only under names that begin as its own do.
 */
const ours: ReadonlyMap<string, Ours> = new Map(
  (
    [
      ['varai_ai_session', { part: 'session', translate: translateSession }],
      ['varai_face_analysis', { part: 'faceAnalysis', translate: translateAnalysis }],
    ] as const
  ).flatMap(([name, told]) => [
    [`${name}.completed`, told] as const,
    ...['', 'action.', 'action.woocommerce_', 'action.wc_'].map((way) => [`${way}${name}_completed`, told] as const),
  ]),
)

/** WooCommerce's topics that state something, or say where to look. What is not here ends in the dead letters. */
const topics: ReadonlyMap<string, Topic> = new Map<string, Topic>([
  ['order.created', whole('order', 'order_created')],
  ['order.updated', whole('order', 'order_updated')],
  ['order.restored', whole('order', 'order_restored')],
  ['order.deleted', gone('order', 'order_deleted')],
  ['customer.created', whole('customer', 'customer_created')],
  ['customer.updated', whole('customer', 'customer_updated')],
  ['customer.deleted', gone('customer', 'customer_deleted')],
  ['product.created', whole('product', 'product_created')],
  ['product.updated', whole('product', 'product_updated')],
  ['product.restored', whole('product', 'product_restored')],
  ['product.deleted', gone('product', 'product_deleted')],
  ['action.woocommerce_order_status_completed', action('order', 'order_completed')],
  ['action.woocommerce_new_customer', action('customer', 'customer_created')],
  ['action.woocommerce_update_product', action('product', 'product_updated')],
])

/** Topics that `translate` knows. */
export const knownTopics: ReadonlySet<string> = new Set([...topics.keys(), ...ours.keys()])

/** A delivery's document → what the store states with it. All failures at once; never an invented value. */
export function translate(body: unknown, context: TranslationContext): Translation<Statement[]> {
  const told = ours.get(context.topic)
  if (told !== undefined) return told.translate(aiDocument(body, told.part))
  const topic = topics.get(context.topic)
  if (topic === undefined) return failed('unknown topic')
  const error = wordPressError(read(body))
  if (error !== undefined) return failed(`a WordPress error in place of the document: ${error}`)
  switch (topic.says) {
    case 'document':
      return translateDocument(topic.resource, topic.event, body, context.store.currency)
    case 'deletion':
      return unconfirmed(topic.resource, body)
    case 'action':
      return failed('names only an id, and the store has no API credentials to look it up with')
    default:
      return topic.says satisfies never
  }
}

/** The document of an entity, from wherever it came, as the event `event`. */
export function translateDocument(
  resource: Resource,
  event: EventName,
  body: unknown,
  currency: string,
): Translation<Statement[]> {
  switch (resource) {
    case 'order':
      return translateOrder(event, body)
    case 'customer':
      return translateCustomer(event, body)
    case 'product':
      return translateProduct(event, body, currency)
    default:
      return resource satisfies never
  }
}

/** `{"id": N}`: which entity, and neither when nor whether it is still so. */
function unconfirmed(resource: Resource, body: unknown): Translation<Statement[]> {
  const named = read(body)
  const id = ownId(named)
  return named.result([deletion({ resource, id, at: undefined, reason: 'deleted', confirmed: false })])
}

const failed = (reason: string): Translation<never> => ({ ok: false, failures: [{ path: '', reason }] })

/** The session that a delivery is about; undefined for topics that are about none. */
export function toldSession(topicName: string, body: unknown): string | undefined {
  const told = ours.get(topicName)
  return told && sessionOf(aiDocument(body, told.part))
}

/** What a delivery that only names an entity asks to be looked up. */
export type Lookup = { readonly resource: Resource; readonly id: string; readonly event: EventName }

/** Undefined for a delivery that brings its document, or names nothing; `translate` says what is the matter with it. */
export function lookupOf(topicName: string, body: unknown): Lookup | undefined {
  const topic = topics.get(topicName)
  if (topic === undefined || topic.says === 'document') return undefined
  const named = read(body)
  const id = named.id(topic.says === 'action' ? 'arg' : 'id')
  if (!named.result(id).ok || id === '0') return undefined
  // A deletion whose entity is there after all is news about that entity.
  const event = topic.says === 'action' ? topic.event : updates[topic.resource]
  return { resource: topic.resource, id, event }
}

/** What an entity that was asked for is called: it is there, whatever happened. */
export const updates = { order: 'order_updated', customer: 'customer_updated', product: 'product_updated' } as const

/** Topics whose deliveries only name an entity. */
export const lookedUp: ReadonlySet<string> = new Set(
  [...topics].filter(([, { says }]) => says !== 'document').map(([name]) => name),
)
