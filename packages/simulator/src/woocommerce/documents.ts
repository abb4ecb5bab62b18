import { type Minor, shopifyAmount } from '../money.ts'
import {
  lineSubtotal,
  lineTotal,
  sumsOf,
  type WooAddress,
  type WooCustomer,
  type WooLine,
  type WooOrder,
  type WooProduct,
  type WooVariation,
} from './model.ts'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
/** What the API answers for one entity. */
export type WooDocument = { readonly id: number; readonly [name: string]: Json }
export type WooSite = { readonly storeId: string; readonly currency: string; readonly utcOffsetMinutes: number }

const text = (at: number): string => new Date(at).toISOString().slice(0, 19)

/** Each time twice: in the site's own zone, and in UTC; neither says which. */
function times(site: WooSite, name: string, at: number | null): { [name: string]: Json } {
  const local = at === null ? null : text(at + site.utcOffsetMinutes * 60_000)
  return { [name]: local, [`${name}_gmt`]: at === null ? null : text(at) }
}

const money = (site: WooSite, amount: Minor): string => shopifyAmount(amount, site.currency)

const address = (of: WooAddress | null): { [name: string]: Json } => ({
  first_name: of?.firstName ?? '',
  last_name: of?.lastName ?? '',
  company: '',
  address_1: of?.street ?? '',
  address_2: '',
  city: of?.city ?? '',
  state: '',
  postcode: of?.zip ?? '',
  country: of?.countryCode ?? '',
})

export const customerDocument = (site: WooSite, customer: WooCustomer): WooDocument => ({
  id: customer.id,
  ...times(site, 'date_created', customer.createdAt),
  ...times(site, 'date_modified', customer.changedAt),
  email: customer.email,
  first_name: customer.firstName,
  last_name: customer.lastName,
  role: 'customer',
  username: customer.email.split('@')[0] ?? '',
  billing: { ...address(customer.billing), email: customer.email, phone: customer.billing?.phone ?? '' },
  shipping: address(null),
  is_paying_customer: false,
  meta_data: [],
})

export function productDocument(site: WooSite, product: WooProduct): WooDocument {
  const [only] = product.variations
  const isVariable = product.optionName !== null
  return {
    id: product.id,
    name: product.name,
    slug: product.slug,
    permalink: `${site.storeId}/product/${product.slug}/`,
    ...times(site, 'date_created', product.createdAt),
    ...times(site, 'date_modified', product.modifiedAt),
    type: isVariable ? 'variable' : 'simple',
    status: product.status,
    description: `<p>${product.name}</p>\n`,
    ...(isVariable || only === undefined ? { sku: '', price: '', regular_price: '' } : offer(site, only)),
    tax_status: 'taxable',
    parent_id: 0,
    categories: [{ id: 15, name: product.category, slug: product.category.toLowerCase() }],
    tags: product.tags.map((name, id) => ({ id, name, slug: name })),
    images: [],
    attributes: isVariable
      ? [
          {
            id: 6,
            name: product.optionName,
            position: 0,
            visible: true,
            variation: true,
            options: product.optionValues,
          },
        ]
      : [],
    variations: isVariable ? product.variations.map(({ id }) => id) : [],
    meta_data: [
      { id: 1, key: '_varai_frame_shape', value: product.frameShape },
      { id: 2, key: 'varai_lens_width', value: `${product.lensWidth} mm` },
      { id: 3, key: '_plugin_cache', value: { nested: [1, null, { deep: true }] } },
    ],
  }
}

/** A variation as the topics of products bring it: a document of its own, with the product as its parent. */
export const variationDocument = (site: WooSite, product: WooProduct, variation: WooVariation): WooDocument => ({
  id: variation.id,
  type: 'variation',
  parent_id: product.id,
  name: `${product.name} - ${variation.options.join(', ')}`,
  ...times(site, 'date_modified', variation.modifiedAt),
  status: product.status,
  ...offer(site, variation),
  tax_status: 'taxable',
  attributes: variation.options.map((option) => ({ id: 6, name: product.optionName, option })),
  meta_data: [],
})

const offer = (site: WooSite, { sku, price, regularPrice, stock }: WooVariation) => ({
  sku,
  price: money(site, price),
  regular_price: money(site, regularPrice),
  sale_price: price < regularPrice ? money(site, price) : '',
  manage_stock: stock !== null,
  stock_quantity: stock,
})

export function orderDocument(site: WooSite, order: WooOrder): WooDocument {
  const sums = sumsOf(order)
  return {
    id: order.id,
    parent_id: 0,
    number: String(order.id),
    created_via: 'checkout',
    status: order.status,
    currency: site.currency,
    ...times(site, 'date_created', order.createdAt),
    ...times(site, 'date_modified', order.modifiedAt),
    discount_total: money(site, sums.discount),
    shipping_total: money(site, order.shipping.price),
    total: money(site, sums.total),
    total_tax: money(site, sums.tax),
    prices_include_tax: false,
    customer_id: order.customer?.id ?? 0,
    customer_note: order.note,
    billing: { ...address(order.billing), email: order.email, phone: order.billing.phone },
    shipping: address(null),
    ...times(site, 'date_paid', order.paidAt),
    ...times(site, 'date_completed', order.completedAt),
    meta_data: [
      ...(order.sessionId === null ? [] : [{ id: 1, key: '_varai_ai_session_id', value: order.sessionId }]),
      ...order.recommendationIds.map((value, at) => ({ id: 2 + at, key: `varai_recommendation_id_${at + 1}`, value })),
      { id: 90, key: '_payment_token', value: 'tok_1' },
    ],
    line_items: order.lines.map((line) => lineDocument(site, line)),
    tax_lines: [],
    shipping_lines: [
      {
        id: order.shipping.id,
        method_title: 'Flat rate',
        method_id: 'flat_rate',
        total: money(site, order.shipping.price),
      },
    ],
    fee_lines: [],
    coupon_lines: [],
    refunds: order.refunds.map(({ id, reason, amount }) => ({ id, reason, total: `-${money(site, amount)}` })),
  }
}

function lineDocument(site: WooSite, line: WooLine): Json {
  return {
    id: line.id,
    name: line.product.name,
    product_id: line.product.id,
    variation_id: line.product.optionName === null ? 0 : line.variation.id,
    quantity: line.quantity,
    subtotal: money(site, lineSubtotal(line)),
    total: money(site, lineTotal(line)),
    total_tax: money(site, line.tax),
    sku: line.variation.sku,
    // After discounts and out of float arithmetic, as WooCommerce has it.
    price: Number(lineTotal(line)) / 100 / line.quantity,
    meta_data: line.lensType === null ? [] : [{ id: 1, key: '_varai_lens_type', value: line.lensType }],
  }
}
