import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import { type DoorFacts, type Entity, type ServiceFacts, secrets } from '../index.ts'
import { webhookPath } from './brillo-door.ts'

const order = ({ id, at, amount, email, phone }: Entity) => ({
  ...{ number: id, changed: new Date(at).toISOString(), sum: amount, currency: 'EUR', buyer: { mail: email, phone } },
})

/** The door of Brillo at `path`. */
export const brilloFacts = (name: string, path: string): DoorFacts => ({
  name,
  deliversAgain: true,
  signatures: ['X-Brillo-Signature'],
  required: ['X-Brillo-Shop', 'X-Brillo-Delivery', 'X-Brillo-Event'],
  sign: ({ deliveries: [{ topic, id, bytes }], signer, storeId }) => ({
    path,
    headers: {
      ...{ 'X-Brillo-Shop': storeId, 'X-Brillo-Delivery': id, 'X-Brillo-Event': topic },
      'X-Brillo-Signature': createHmac('sha256', secrets[signer]).update(bytes).digest('hex'),
    },
    body: bytes,
  }),
  topics: [
    { topic: 'order.placed', document: order, becomes: ['order_created'], amount: 'total' },
    { topic: 'order.removed', document: ({ id }) => ({ number: id }), becomes: ['order_deleted'], timeless: true },
  ],
  faulty: {
    document: ({ email }) => ({ number: email, sum: 'much', currency: 'EUR' }),
    reasons: ['number: expected', 'changed: is missing', 'sum: expected'],
  },
})

/** The service that `main` starts, with these doors. */
export const brillo = (main: string, doors: ServiceFacts['doors']): ServiceFacts => ({
  ...{ service: 'ingest-brillo', platform: 'html', main: join(import.meta.dirname, main), doors },
  stores: { own: 'shop', other: 'another', unknown: 'nobody' },
  storeEntry: ({ id, webhookSecrets }) => ({
    ...{ platform: 'html', id, currency: 'EUR', publishableKey: `pk-${id}`, allowedOrigins: [], webhookSecrets },
  }),
})

export const wholeDoor: DoorFacts = brilloFacts('webhooks', webhookPath)
