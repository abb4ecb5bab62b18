import { createHash, createHmac } from 'node:crypto'
import { join } from 'node:path'
import { conformance, type Entity, secrets } from '@varai/conformance'
import { lookedUp } from './pure/translate/translate.ts'

const time = (at: number) => new Date(at).toISOString().slice(0, 19)
const dates = ({ at }: Entity) => ({ date_created_gmt: time(at), date_modified_gmt: time(at) })
const address = ({ email, phone, name }: Entity) => ({ first_name: name, last_name: name, email, phone, city: 'Wien' })
const order = (entity: Entity) => ({
  ...{ id: entity.id, status: 'processing', currency: 'EUR', total: entity.amount, customer_id: 0, ...dates(entity) },
  ...{ billing: address(entity), customer_note: entity.name, refunds: [], date_paid_gmt: null },
  meta_data: [{ id: 1, key: '_varai_ai_session_id', value: 's-1' }],
  line_items: [{ id: entity.id, name: 'Aviator', product_id: 1, quantity: 2, total: '12.50', meta_data: [] }],
})
const customer = (entity: Entity) => ({
  ...{ id: entity.id, email: entity.email, first_name: entity.name, last_name: entity.name, ...dates(entity) },
  billing: address(entity),
})
const product = (entity: Entity) => ({
  ...{ id: entity.id, name: 'Aviator', type: 'simple', status: 'publish', price: '12.50', ...dates(entity) },
  ...{ categories: [{ id: 1, name: 'Frames' }], images: [], attributes: [], meta_data: [] },
})

conformance({
  service: 'ingest-woocommerce',
  platform: 'woocommerce',
  main: join(import.meta.dirname, 'main.ts'),
  stores: { own: 'https://shop.example/blog', other: 'https://other.example', unknown: 'https://nobody.example' },
  storeEntry: ({ id, webhookSecrets }) => ({ platform: 'woocommerce', id, currency: 'EUR', webhookSecrets }),
  env: (folder) => ({ VARAI_SPOOL: join(folder, 'spool') }),
  doors: [
    {
      name: 'webhooks',
      deliversAgain: false,
      signatures: ['X-WC-Webhook-Signature'],
      required: ['X-WC-Webhook-Source', 'X-WC-Webhook-Topic', 'X-WC-Webhook-ID', 'X-WC-Webhook-Delivery-ID'],
      sign: ({ deliveries: [{ topic, id, bytes }], signer, storeId }) => ({
        path: '/webhooks/woocommerce',
        headers: {
          ...{ 'Content-Type': 'application/json', 'X-WC-Webhook-Source': `${storeId}/`, 'X-WC-Webhook-Topic': topic },
          ...{ 'X-WC-Webhook-ID': '10', 'X-WC-Webhook-Delivery-ID': id },
          'X-WC-Webhook-Signature': createHmac('sha256', secrets[signer]).update(bytes).digest('base64'),
        },
        body: bytes,
      }),
      // Delivery ids are those of a second, so what was delivered names the delivery.
      deliveryId({ topic, id, bytes }) {
        const content = createHash('sha256').update(bytes)
        if (lookedUp.has(topic)) content.update(`\n${id}`)
        return `10:${topic}:${content.digest('hex')}`
      },
      topics: [
        { topic: 'order.created', document: order, becomes: ['order_created'], amount: 'total' },
        {
          topic: 'order.updated',
          document: (entity) => ({ ...order(entity), date_paid_gmt: time(entity.at) }),
          becomes: ['order_updated', 'payment_completed'],
        },
        { topic: 'order.deleted', document: ({ id }) => ({ id }), becomes: ['order_deleted'], timeless: true },
        { topic: 'customer.updated', document: customer, becomes: ['customer_updated'] },
        { topic: 'product.restored', document: product, becomes: ['product_restored'] },
        {
          // There is no access to the store's API, which alone knows the order.
          topic: 'action.woocommerce_order_status_completed',
          document: ({ id }) => ({ action: 'woocommerce_order_status_completed', arg: id }),
          becomes: 'dead letter',
        },
      ],
      faulty: {
        document: ({ email }) => ({ id: email, status: 'processing', total: email }),
        reasons: ['id: expected', 'date_modified_gmt: is missing', 'currency: is missing', 'total: expected'],
      },
    },
  ],
})
