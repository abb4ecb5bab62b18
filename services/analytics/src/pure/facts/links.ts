import { isIdPart } from '@varai/schemas'
import type { OrderFact } from './order-fact.ts'
import type { SessionFact } from './session-fact.ts'

/**
 * What facts have in common when one may concern the other, as texts that one index holds: `s|merchant|session id`,
 * `r|merchant|recommendation id`, `p|record of a customer`, `o|record of an order`, `f|record of a product`;
 * `c|record of a customer` of an order that needs no customer to find its session.
 */
export type Link = string

const sessionLink = (merchantId: string, sessionId: string): Link => `s|${merchantId}|${sessionId}`
const recommendationLink = (merchantId: string, id: string): Link => `r|${merchantId}|${id}`
const personLink = (record: string): Link => `p|${record}`
const customerLink = (record: string): Link => `c|${record}`
const orderLink = (record: string): Link => `o|${record}`
export const productLink = (record: string): Link => `f|${record}`

type Store = { merchantId: string; platform: string; storeId: string }

/** The record of something of a store by its id there; undefined for what is no id. */
export const recordIn = ({ merchantId, platform, storeId }: Store, id: string | null): string | undefined =>
  id !== null && isIdPart(id) ? [merchantId, platform, storeId, id].join('|') : undefined

/** Records of all products that a session is about. */
export const productsIn = (session: SessionFact): string[] => [
  ...new Set(
    [
      ...session.recommendations.flatMap(({ value: { items } }) => items.map(({ productId }) => productId)),
      ...session.touches.map(({ value: { productId } }) => productId),
    ].flatMap((id) => recordIn(session, id) ?? []),
  ),
]

/** An index has an end, too. Recommendations and touches lie in the order of their ids, so these are always the same. */
const mostOfAKind = 500

export function linksOfSession(session: SessionFact): Link[] {
  const { merchantId, entityId, persons, recommendations, stated } = session
  const told = recordIn(session, stated.orderId?.value ?? null)
  const recommended = recommendations.flatMap(({ key, value: { items } }) => [
    key,
    ...items.flatMap(({ id }) => id ?? []),
  ])
  return [
    sessionLink(merchantId, entityId),
    ...persons.map(({ key }) => personLink(key)),
    ...[...new Set(recommended)].slice(0, mostOfAKind).map((id) => recommendationLink(merchantId, id)),
    ...(told === undefined ? [] : [orderLink(told)]),
    ...productsIn(session).slice(0, mostOfAKind).map(productLink),
  ]
}

/** By these everything is found that names a customer. */
export const linksOfPerson = (record: string): Link[] => [personLink(record), customerLink(record)]
/** By this a session is found that an order names. */
export const linkOfSession = sessionLink

/** How an order and its session find each other: by what only few have, or by what very many may. */
export const isFew = (link: Link): boolean => /^[so]\|/.test(link)
export const isMany = (link: Link): boolean => /^[rp]\|/.test(link)

/** Records of the products in an order's lines. */
export const productsSold = (order: OrderFact): string[] => [
  ...new Set((order.stated.lines?.value ?? []).flatMap(({ productId }) => recordIn(order, productId) ?? [])),
]

/** An order that names its session needs no other way to it. */
export function linksOfOrder(order: OrderFact): Link[] {
  const { merchantId, id, stated, erased } = order
  if (erased) return []
  const products = productsSold(order).map(productLink)
  const sessionId = stated.aiSessionId?.value
  const person = stated.person?.value
  if (sessionId) return [sessionLink(merchantId, sessionId), ...(person ? [customerLink(person)] : []), ...products]
  const carried = stated.recommendationIds?.value ?? []
  return [
    orderLink(id),
    ...carried.map((one) => recommendationLink(merchantId, one)),
    ...(person ? [personLink(person)] : []),
    ...products,
  ]
}
