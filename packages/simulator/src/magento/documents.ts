import { convert, type Minor, plainAmount } from '../money.ts'
import {
  type MagentoAddress,
  type MagentoCustomer,
  type MagentoLine,
  type MagentoOrder,
  type MagentoProduct,
  rowTotal,
  sumsOf,
} from './model.ts'

export type MagentoJson = null | boolean | number | string | MagentoJson[] | { [name: string]: MagentoJson }
export type MagentoDocument = { [name: string]: MagentoJson }

/** UTC, which Magento does not say. */
const utcText = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ')

/** Money is a JSON number. */
const amount = (of: Minor, currency: string): number => Number(plainAmount(of, currency))

/** `name` in the currency of the order, `base_name` in that of the shop. */
function both(order: MagentoOrder, currency: string, amounts: Readonly<Record<string, Minor>>): MagentoDocument {
  const pairs = Object.entries(amounts).map(([name, of]): [string, number][] => [
    [name, amount(convert(of, currency, order.orderCurrency), order.orderCurrency)],
    [`base_${name}`, amount(of, currency)],
  ])
  return Object.fromEntries(pairs.flat())
}

const address = (of: MagentoAddress): MagentoDocument => ({
  firstname: of.firstName,
  lastname: of.lastName,
  street: [of.street],
  city: of.city,
  postcode: of.zip,
  country_id: of.countryCode,
  telephone: of.phone,
})

const times = ({ createdAt, modifiedAt }: { createdAt: number; modifiedAt: number }) => ({
  created_at: utcText(createdAt),
  updated_at: utcText(modifiedAt),
})

export const customerDocument = (customer: MagentoCustomer): MagentoDocument => ({
  id: customer.id,
  group_id: 1,
  ...(customer.addresses.length > 0 && { default_billing: String(customer.addresses[0]?.id) }),
  ...times(customer),
  created_in: 'Default Store View',
  email: customer.email,
  firstname: customer.firstName,
  lastname: customer.lastName,
  store_id: 1,
  website_id: 1,
  addresses: customer.addresses.map((each, at) => ({
    id: each.id,
    customer_id: customer.id,
    ...address(each),
    ...(at === 0 && { default_billing: true, default_shipping: true }),
  })),
  disable_auto_group_change: 0,
  extension_attributes: { is_subscribed: customer.subscribed },
})

const stockDocument = (product: MagentoProduct): MagentoDocument => ({
  item_id: product.id + 40_000,
  product_id: product.id,
  stock_id: 1,
  qty: product.stock ?? 0,
  is_in_stock: product.stock === null || product.stock > 0,
  is_qty_decimal: false,
  manage_stock: true,
  use_config_manage_stock: true,
  backorders: 0,
  min_qty: 0,
})

/** A product as it is read alone; `withoutStock` as listings and our module have it. */
export function productDocument(product: MagentoProduct, currency: string): MagentoDocument {
  const isConfigurable = product.children.length > 0
  return {
    id: product.id,
    sku: product.sku,
    name: product.name,
    attribute_set_id: 9,
    // A configurable product costs what its children cost.
    price: isConfigurable ? 0 : amount(product.price, currency),
    status: product.enabled ? 1 : 2,
    visibility: product.frameColor !== null ? 1 : 4,
    type_id: isConfigurable ? 'configurable' : 'simple',
    ...times(product),
    weight: 0.2,
    extension_attributes: {
      website_ids: [1],
      category_links: [{ position: 0, category_id: '11' }],
      stock_item: stockDocument(product),
      ...(isConfigurable && {
        configurable_product_options: [
          {
            id: product.id + 70_000,
            attribute_id: '93',
            label: 'Colour',
            position: 0,
            values: product.children.map((_, at) => ({ value_index: 49 + at })),
            product_id: product.id,
          },
        ],
        configurable_product_links: product.children.map(({ id }) => id),
      }),
    },
    product_links: [],
    options: [],
    media_gallery_entries: [
      {
        id: product.id + 90_000,
        media_type: 'image',
        label: product.name,
        position: 1,
        disabled: false,
        types: ['image'],
        file: `/f/r/${product.urlKey}.jpg`,
      },
    ],
    tier_prices: [],
    custom_attributes: [
      attribute('description', `<p>${product.name}</p>`),
      attribute('url_key', product.urlKey),
      attribute('tax_class_id', '2'),
      attribute('category_ids', ['11']),
      ...(product.specialPrice === null ? [] : [attribute('special_price', text(product.specialPrice, currency))]),
      attribute('varai_frame_shape', product.frameShape),
      ...(product.frameColor === null ? [] : [attribute('varai_frame_color', product.frameColor)]),
      attribute('varai_lens_width', `${product.lensWidth} mm`),
      attribute('varai_recommended_face_shapes', product.faces.join(', ')),
      attribute('swatch_image', 'no_selection'),
    ],
  }
}

const attribute = (attribute_code: string, value: MagentoJson): MagentoDocument => ({ attribute_code, value })

/** Custom attributes are texts, with as many digits as the database has. */
const text = (of: Minor, currency: string): string => {
  const [whole, fraction = ''] = plainAmount(of, currency).split('.')
  return `${whole}.${fraction.padEnd(6, '0')}`
}

/** The object that a part of a document is; of anything else an empty one. */
export const objectOf = (value: MagentoJson | undefined): MagentoDocument =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {}

/** Whether a column holds decimals, which the database gives as texts. */
export const isDecimal = (column: string): boolean =>
  /(?:amount|total|price|due|paid|refunded|canceled|invoiced|weight)$|^qty/.test(column)

/** The stock item of a product that was read alone. */
export const stockOf = (product: MagentoDocument): MagentoDocument =>
  objectOf(objectOf(product['extension_attributes'])['stock_item'])

/** As listings have a product: who wants stock has to ask for it. */
export function withoutStock(product: MagentoDocument): MagentoDocument {
  const { stock_item: _, ...others } = objectOf(product['extension_attributes'])
  return { ...product, extension_attributes: others }
}

export function orderDocument(order: MagentoOrder, currency: string): MagentoDocument {
  const sums = sumsOf(order)
  return {
    entity_id: order.id,
    increment_id: order.incrementId,
    protect_code: '3984835d33abd2423b8a47efd0f74579',
    state: order.state,
    status: order.state === 'new' ? 'pending' : order.state,
    store_id: 1,
    store_name: 'Main Website\nMain Website Store\nDefault Store View',
    ...times(order),
    global_currency_code: currency,
    base_currency_code: currency,
    store_currency_code: currency,
    order_currency_code: order.orderCurrency,
    ...both(order, currency, {
      grand_total: sums.total,
      subtotal: sums.subtotal,
      // What a rule takes away is negative on the order, and positive on its lines.
      discount_amount: -sums.discount,
      tax_amount: sums.tax,
      shipping_amount: order.shippingPrice,
      shipping_tax_amount: 0n,
      total_due: sums.due,
      ...(order.paid && { total_paid: sums.total, total_invoiced: sums.total }),
      ...(sums.refunded > 0n && { total_refunded: sums.refunded }),
      ...(order.state === 'canceled' && { total_canceled: sums.canceled }),
    }),
    ...(order.customer !== null && { customer_id: order.customer.id, customer_group_id: 1 }),
    customer_is_guest: order.customer === null ? 1 : 0,
    customer_email: order.email,
    customer_firstname: order.billing.firstName,
    customer_lastname: order.billing.lastName,
    ...(order.note !== null && { customer_note: order.note }),
    ...(order.couponCode !== null && { coupon_code: order.couponCode }),
    is_virtual: 0,
    shipping_description: 'Flat Rate - Fixed',
    total_item_count: order.lines.length,
    total_qty_ordered: order.lines.reduce((units, { quantity }) => units + quantity, 0),
    items: order.lines.flatMap((line) => lineDocuments(order, line, currency)),
    billing_address: {
      ...address(order.billing),
      address_type: 'billing',
      entity_id: order.billing.id,
      email: order.email,
    },
    payment: { method: 'checkmo', amount_ordered: amount(sums.total, currency), additional_information: ['Check'] },
    status_histories: [],
    extension_attributes: {
      shipping_assignments: [
        {
          shipping: {
            address: { ...address(order.shipping), address_type: 'shipping', entity_id: order.shipping.id },
            method: 'flatrate_flatrate',
          },
          items: [],
        },
      ],
      ...(order.sessionId !== null && { varai_ai_session_id: order.sessionId }),
      ...(order.recommendationIds.length > 0 && { varai_recommendation_ids: order.recommendationIds }),
    },
  }
}

/** One line, or two for a configurable product: the money stands on the first, what is sent on the second. */
function lineDocuments(order: MagentoOrder, line: MagentoLine, currency: string): MagentoDocument[] {
  const isConfigurable = line.product.children.length > 0
  const shared = {
    order_id: order.id,
    // Also the parent's line has the SKU of what is sent.
    sku: line.chosen.sku,
    qty_ordered: line.quantity,
    qty_canceled: order.state === 'canceled' ? line.quantity : 0,
    qty_invoiced: order.paid ? line.quantity : 0,
    qty_refunded: line.refunded,
    qty_shipped: order.state === 'complete' ? line.quantity : 0,
    created_at: utcText(order.createdAt),
    updated_at: utcText(order.modifiedAt),
    store_id: 1,
  }
  const first = {
    ...shared,
    item_id: line.id,
    product_id: line.product.id,
    product_type: isConfigurable ? 'configurable' : 'simple',
    name: line.product.name,
    ...both(order, currency, {
      price: line.price,
      original_price: line.price,
      row_total: rowTotal(line),
      discount_amount: line.discount,
      tax_amount: line.tax,
    }),
    ...(line.lensType !== null && { extension_attributes: { varai_lens_type: line.lensType } }),
  }
  if (!isConfigurable) return [first]
  const { extension_attributes: _, ...parent } = { extension_attributes: undefined, ...first }
  const second = {
    ...shared,
    item_id: line.childId,
    parent_item_id: line.id,
    product_id: line.chosen.id,
    product_type: 'simple',
    name: line.chosen.name,
    price: 0,
    base_price: 0,
    row_total: 0,
    base_row_total: 0,
    // A listing repeats the parent inside of its child.
    parent_item: parent,
  }
  return [first, second]
}
