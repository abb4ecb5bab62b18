import type { Decimal128 } from 'mongodb'
import type { Check } from '../../runner.ts'
import type { ShopsContext } from '../open-shops.ts'
import { wooStores } from '../stores.ts'
import { wooOrder } from '../woo-order.ts'
import { postWoo } from './post-woo.ts'
import { wooProduct } from './woo-product.ts'

type Resource = 'order' | 'product'
/** What plugins make of a document: ids and numbers as text, texts as numbers, lists as objects. */
type Mangled = Readonly<Record<string, unknown>>
type States = { readonly plain: Mangled; readonly mangled: Mangled; readonly older: Mangled }

const meta = [
  { id: 1, key: '_varai_ai_session_id', value: 'session-1' },
  { id: 2, key: 'gift', value: 'yes' },
]

const states: Readonly<Record<Resource, States>> = {
  order: {
    plain: {
      ...{ total: '240.50', customer_id: 7, prices_include_tax: true, meta_data: meta, status: 'completed' },
      line_items: [
        {
          id: 3,
          name: 'Frame',
          product_id: 9,
          variation_id: 0,
          quantity: 2,
          sku: '90210',
          subtotal: '240.50',
          total: '240.50',
          price: 120.25,
        },
      ],
    },
    mangled: {
      ...{ parent_id: '0', total: 240.5, customer_id: '7', prices_include_tax: 'yes', status: 'completed' },
      meta_data: { 1: meta[0], 2: meta[1], 3: { id: 3, key: '_plugin', value: { a: [1, null] } } },
      line_items: [
        {
          id: '3',
          name: 'Frame',
          product_id: '9',
          variation_id: '0',
          quantity: '2',
          sku: 90_210,
          subtotal: 240.5,
          total: 240.5,
          price: '120.25',
        },
      ],
    },
    older: { status: 'processing', total: '1.00', line_items: [] },
  },
  product: {
    plain: { name: 'Newer', sku: '90210', stock_quantity: 7 },
    mangled: {
      ...{ name: 'Newer', sku: 90_210, price: 99, regular_price: 120, stock_quantity: '7', manage_stock: 'yes' },
      ...{ parent_id: '0', permalink: 0, meta_data: { 0: { key: '_plugin', value: [1, { b: null }] } } },
    },
    older: { name: 'Older', price: '1.00', stock_quantity: 0 },
  },
}
const [earlier, later] = ['2026-11-02T10:00:00', '2026-11-02T11:00:00']

const wanted: Readonly<Record<Resource, string>> = {
  order: 'completed 240.5 of customer 7, 2 × 90210 at 120.25, gift yes, session session-1',
  product: 'Newer 90210 at 99 instead of 120, 7 left',
}

/** Each with an older state before or after it: what a document says in the end is always the same. */
export const sameSecond: Check<ShopsContext> = {
  title: 'equal Delivery-IDs in one second, types that plugins mangled, older states before and after: right values',
  async run(context) {
    const figures: string[] = []
    let [id, holds] = [600_000, true]
    for (const resource of ['order', 'product'] as const) {
      const ids: number[] = []
      const bodies: Mangled[] = []
      for (const newest of ['plain', 'mangled'] as const) {
        for (const oldest of ['plain', 'mangled'] as const) {
          for (const oldFirst of [true, false]) {
            id += 1
            ids.push(id)
            const pair = [older(resource, id, oldest), newer(resource, id, newest)]
            bodies.push(...(oldFirst ? pair : pair.toReversed()))
          }
        }
      }
      await Promise.all(bodies.map((body) => postWoo(context, `${resource}.updated`, body)))
      await context.settled()
      const found = await Promise.all(ids.map((each) => said(context, resource, each)))
      const wrong = found.filter((each) => each !== wanted[resource])
      holds &&= wrong.length === 0
      figures.push(
        `${resource}s: ${bodies.length} deliveries under one id, ${found.length - wrong.length} of ${ids.length} say: ${wanted[resource]}`,
        ...wrong.slice(0, 3).map((each) => `but one says: ${each}`),
      )
    }
    return { holds, figures }
  },
}

function newer(resource: Resource, id: number, how: 'plain' | 'mangled'): Mangled {
  const document = resource === 'order' ? wooOrder(id, {}, later) : wooProduct(id, {}, later)
  return { ...document, ...states[resource][how], id: how === 'plain' ? id : String(id) }
}

function older(resource: Resource, id: number, how: 'plain' | 'mangled'): Mangled {
  const document = newer(resource, id, how)
  return { ...document, ...states[resource].older, date_modified_gmt: earlier }
}

type Line = { sku: string; quantity: number; price: Decimal128 }
type Variant = { sku: string; price: Decimal128; compareAtPrice?: Decimal128; inventoryQuantity: number }
type Found = {
  _id: string
  status: string
  title: string
  total: Decimal128
  customerId: string
  aiSessionId: string
  items: Line[]
  metadata: { name: string; value: string }[]
  variants: Variant[]
}

/** A document in a few words. */
async function said({ db }: ShopsContext, resource: Resource, id: number): Promise<string> {
  const { merchantId, storeId } = wooStores.lives
  const _id = `${merchantId}|woocommerce|${storeId}|${id}`
  const found = await db.collection<Found>(resource === 'order' ? 'orders' : 'products').findOne({ _id })
  if (found === null) return 'nothing: it is not there'
  if (resource === 'product') {
    const variants = found.variants.map(
      ({ sku, price, compareAtPrice, inventoryQuantity: left }) =>
        `${sku} at ${amount(price)} instead of ${amount(compareAtPrice)}, ${left} left`,
    )
    return `${found.title} ${variants.join('; ')}`
  }
  const lines = found.items.map(({ quantity, sku, price }) => `${quantity} × ${sku} at ${amount(price)}`)
  const shown = found.metadata.map(({ name, value }) => `${name} ${value}`)
  return [
    `${found.status} ${amount(found.total)} of customer ${found.customerId}`,
    ...[...lines, ...shown, `session ${found.aiSessionId}`],
  ].join(', ')
}

const amount = (of: Decimal128 | undefined): string => (of === undefined ? 'nothing' : String(Number(of)))
