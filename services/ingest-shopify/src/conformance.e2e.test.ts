import { join } from 'node:path'
import { conformance, type Entity, secrets } from '@varai/conformance'
import { signedRequest } from '@varai/simulator'

const time = (at: number) => new Date(at).toISOString()
const person = ({ email, phone, name }: Entity) => ({ email, phone, first_name: name, last_name: name })
const order = (entity: Entity) => ({
  ...{
    id: entity.id,
    name: '#1',
    created_at: time(entity.at),
    updated_at: time(entity.at),
    financial_status: 'pending',
  },
  ...{ currency: 'EUR', total_price: entity.amount, email: entity.email, phone: entity.phone, note: entity.name },
  customer: { id: entity.id, ...person(entity) },
  billing_address: { first_name: entity.name, address1: entity.name, country_code: 'AT', phone: entity.phone },
  line_items: [{ id: entity.id, product_id: 1, title: 'Aviator', quantity: 2, price: '12.50', properties: [] }],
  refunds: [],
})
const customer = (entity: Entity) => ({ id: entity.id, updated_at: time(entity.at), ...person(entity), addresses: [] })
const product = ({ id, at, amount }: Entity) => ({
  ...{ id, title: 'Aviator', updated_at: time(at), options: [], images: [] },
  variants: [{ id, sku: 'A', price: amount, inventory_item_id: id, updated_at: time(at) }],
})
const stock = ({ id, at }: Entity) => ({ inventory_item_id: id, location_id: 7, available: 3, updated_at: time(at) })
const whoAsks = (entity: Entity) => ({
  shop_id: 1,
  customer: { id: entity.id, ...person(entity) },
  orders_to_redact: [],
})

conformance({
  service: 'ingest-shopify',
  platform: 'shopify',
  main: join(import.meta.dirname, 'main.ts'),
  stores: { own: 'shop.myshopify.com', other: 'other.myshopify.com', unknown: 'nobody.myshopify.com' },
  storeEntry: ({ id, webhookSecrets }) => ({ platform: 'shopify', id, currency: 'EUR', webhookSecrets }),
  doors: [
    {
      name: 'webhooks',
      deliversAgain: true,
      signatures: ['X-Shopify-Hmac-Sha256'],
      required: ['X-Shopify-Shop-Domain', 'X-Shopify-Webhook-Id', 'X-Shopify-Topic'],
      sign({ deliveries: [{ topic, id, bytes }], signer, storeId }) {
        const parts = { topic, secret: secrets[signer], shopDomain: storeId, webhookId: id }
        return { path: '/webhooks/shopify', ...signedRequest(bytes, parts) }
      },
      topics: [
        { topic: 'orders/create', document: order, becomes: ['order_created'], amount: 'total' },
        {
          topic: 'orders/updated',
          document: (entity) => ({ ...order(entity), financial_status: 'paid' }),
          becomes: ['order_updated', 'payment_completed'],
        },
        { topic: 'orders/delete', document: ({ id }) => ({ id }), becomes: ['order_deleted'], timeless: true },
        { topic: 'customers/create', document: customer, becomes: ['customer_created'] },
        { topic: 'products/update', document: product, becomes: ['product_updated'] },
        { topic: 'inventory_levels/update', document: stock, becomes: ['inventory_sync'] },
        { topic: 'customers/redact', document: whoAsks, becomes: 'privacy request' },
        // There is no access to the store's API, which alone knows what the edit made of the order.
        { topic: 'orders/edited', document: ({ id }) => ({ order_edit: { order_id: id } }), becomes: 'dead letter' },
        {
          topic: 'bulk_operations/finish',
          document: () => ({ admin_graphql_api_id: 'gid://shopify/BulkOperation/1', status: 'completed' }),
          becomes: 'nothing',
        },
      ],
      faulty: {
        document: ({ email }) => ({ id: email, test: email, email }),
        reasons: ['id: expected', 'updated_at: is missing', 'test: expected'],
      },
    },
  ],
})
