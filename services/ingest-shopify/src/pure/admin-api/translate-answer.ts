import { type Reader, read, type Statement, type Translation } from '@varai/ingest/pure'
import type { EventName } from '@varai/schemas'
import { translateCustomer } from '../translate/customer.ts'
import { translateInventoryLevel } from '../translate/inventory.ts'
import { translateOrder } from '../translate/order/order.ts'
import { translateProduct } from '../translate/product/product.ts'
import { customerInWebhookWords } from './customer-in-webhook-words.ts'
import { levelInWebhookWords } from './level-in-webhook-words.ts'
import { orderInWebhookWords } from './order-in-webhook-words.ts'
import { productInWebhookWords } from './product-in-webhook-words.ts'
import type { Tree } from './tree.ts'
import type { Words } from './words.ts'

/** An order with everything that belongs to it; a list is undefined where Shopify cut it off. */
export type WholeOrder = {
  readonly order: Tree
  readonly refunds: readonly Tree[] | undefined
  readonly fulfilments: readonly Tree[] | undefined
}

/** What the Admin API said of an order → what the store states, as the webhook of the same state would. */
export function translateOrderAnswer(eventName: EventName, whole: WholeOrder): Translation<Statement[]> {
  const readAll = (trees: readonly Tree[] | undefined) => trees?.map((tree) => read(tree))
  const order = read(whole.order)
  const refunds = readAll(whole.refunds)
  const fulfilments = readAll(whole.fulfilments)
  const words = orderInWebhookWords(order, { refunds, fulfilments })
  return inOrder([order, ...(refunds ?? []), ...(fulfilments ?? [])], words, (body) => translateOrder(eventName, body))
}

/** What the Admin API said of a product → what the store states. `currency` is the shop's. */
export function translateProductAnswer(eventName: EventName, tree: Tree, currency: string): Translation<Statement[]> {
  const product = read(tree)
  const words = productInWebhookWords(product)
  return inOrder([product], words, (body) => translateProduct(eventName, body, currency))
}

/** What the Admin API said of a customer → what the store states. */
export function translateCustomerAnswer(eventName: EventName, tree: Tree): Translation<Statement[]> {
  const customer = read(tree)
  return inOrder([customer], customerInWebhookWords(customer), (body) => translateCustomer(eventName, body))
}

/** What the Admin API said of an item's level at a location → what the store states. */
export function translateLevelAnswer(tree: Tree, locationId: string): Translation<Statement[]> {
  const level = read(tree)
  return inOrder([level], levelInWebhookWords(level, locationId), translateInventoryLevel)
}

/** Translates unless an answer was not what was asked for; all failures of all answers at once. */
function inOrder(
  answers: readonly Reader[],
  words: Words,
  translate: (body: Words) => Translation<Statement[]>,
): Translation<Statement[]> {
  const failures = answers.flatMap((answer) => {
    const result = answer.result(undefined)
    return result.ok ? [] : result.failures
  })
  return failures.length === 0 ? translate(words) : { ok: false, failures }
}
