import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import { conformance, type Entity, secrets } from '@varai/conformance'

const time = (at: number) => new Date(at).toISOString()
const order = (entity: Entity) => ({
  entityId: String(entity.id),
  data: {
    ...{ createdAt: time(entity.at), status: 'pending', currency: 'EUR', total: entity.amount },
    ...{ email: entity.email, phone: entity.phone, note: entity.name },
    items: [{ id: String(entity.id), title: 'Aalto', quantity: 2, price: '12.50' }],
  },
})
const customer = ({ id, email, phone, name }: Entity) => ({
  entityId: String(id),
  data: { email, phone, firstName: name, lastName: name },
})
const view = ({ id }: Entity) => ({ sessionId: `s-${id}`, data: { productId: 'p-1' } })
const session = ({ id }: Entity) => `s-${id}`

conformance({
  service: 'ingest-html',
  platform: 'html',
  main: join(import.meta.dirname, 'main.ts'),
  listening: 'api.listening',
  stores: { own: 'atelier', other: 'other', unknown: 'nobody' },
  storeEntry: ({ id, webhookSecrets }) => ({
    ...{ platform: 'html', id, currency: 'EUR', publishableKey: `pk_${id}`, allowedOrigins: [], webhookSecrets },
  }),
  doors: [
    {
      name: 'the API of servers',
      deliversAgain: true,
      severalAtOnce: 'of one store',
      maxBytes: 5 * 1024 * 1024,
      // Who uses an API reads its answers; nobody's webhook is switched off by one.
      unreadable: 400,
      signatures: ['X-Varai-Signature'],
      required: ['X-Varai-Key', 'X-Varai-Timestamp'],
      deliveryId: ({ id }) => `server:${id}`,
      wrap: (document, { topic, entity }) => ({
        ...{ id: entity.deliveryId, event: topic, occurredAt: time(entity.at) },
        ...(typeof document === 'object' ? document : {}),
      }),
      sign({ deliveries, signer, storeId }) {
        const body = Buffer.from(
          `{"events":[${deliveries.map(({ bytes }) => bytes.toString('latin1')).join(',')}]}`,
          'latin1',
        )
        const timestamp = String(Math.floor(Date.now() / 1_000))
        const hmac = createHmac('sha256', secrets[signer]).update(`v1:${storeId}:${timestamp}:`).update(body)
        const headers = {
          ...{ 'Content-Type': 'application/json', 'X-Varai-Key': storeId, 'X-Varai-Timestamp': timestamp },
          ...{ 'X-Varai-Signature': `v1=${hmac.digest('hex')}`, 'Idempotency-Key': deliveries[0].id },
        }
        return { path: '/api/v1/events', headers, body }
      },
      topics: [
        { topic: 'order_created', document: order, becomes: ['order_created'], amount: 'total' },
        { topic: 'customer_updated', document: customer, becomes: ['customer_updated'] },
        { topic: 'product_deleted', document: ({ id }) => ({ entityId: String(id) }), becomes: ['product_deleted'] },
        { topic: 'product_viewed', document: view, becomes: ['product_viewed'], entityId: session },
      ],
      faulty: {
        document: ({ id, email }) => ({ entityId: String(id), data: { total: email, createdAt: email } }),
        reasons: ['data.total', 'data.createdAt'],
      },
    },
  ],
})
