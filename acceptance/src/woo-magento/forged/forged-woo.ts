import { signedWooRequest, type WooRequestParts } from '@varai/simulator'
import type { Request } from '../../system/send.ts'
import type { ShopsContext } from '../open-shops.ts'
import { wooStores } from '../stores.ts'
import { wooOrder } from '../woo-order.ts'
import { type Attempt, answerTo, createOrderIds, withHeaders } from './attempt.ts'

const signature = 'x-wc-webhook-signature'
const form = 'application/x-www-form-urlencoded'

/** At WooCommerce's door, where whoever creates a webhook may knock unsigned. */
export function forgedWoo({ shops, doors }: ShopsContext): readonly Attempt[] {
  const { besieged, other } = wooStores
  const nextId = createOrderIds(660_000)

  const signedOrder = (id: number, changes: Partial<WooRequestParts> = {}) =>
    signedWooRequest(JSON.stringify(wooOrder(id)), {
      ...{ storeId: besieged.storeId, secret: besieged.secret, topic: 'order.updated' },
      ...{ webhookId: '10', deliveryId: 'forged', ...changes },
    })

  function attempt(name: string, wanted: string, make: (id: number) => Request, admits = false): Attempt {
    const id = nextId()
    const run = () => answerTo(doors.woo(), make(id))
    return { door: 'WooCommerce', name, wanted, names: [id], admits: admits ? [id] : [], run }
  }
  const swapped = (name: string, signed: (id: number) => string | undefined) =>
    attempt(name, '401 bad signature', (id) => withHeaders(signedOrder(id), { [signature]: signed(id) }))
  const knock = (name: string, wanted: string, body: (id: number) => string, headers: Record<string, string> = {}) =>
    attempt(name, wanted, (id) => ({ headers: { 'content-type': form, ...headers }, body: Buffer.from(body(id)) }))

  return [
    attempt('a genuine one, to compare', '200', (id) => signedOrder(id), true),
    swapped('no signature', () => undefined),
    swapped("another delivery's signature", () => signedOrder(1).headers[signature]),
    swapped('the signature in hexadecimal', (id) =>
      Buffer.from(signedOrder(id).headers[signature] ?? '', 'base64').toString('hex'),
    ),
    attempt('signed with no secret at all', '401 bad signature', (id) => signedOrder(id, { secret: '' })),
    attempt("signed with another store's secret", '401 bad signature', (id) =>
      signedOrder(id, { secret: other.secret }),
    ),
    attempt('sent in the name of another store', '401 bad signature', (id) =>
      signedOrder(id, { storeId: other.storeId }),
    ),
    attempt('in the name of a store that is not ours', '404 unknown store', (id) =>
      signedOrder(id, { storeId: 'https://nobody.example' }),
    ),
    attempt('changed after it was signed', '401 bad signature', (id) => {
      const body = Buffer.from(signedOrder(id).body.toString().replace('12.50', '0.01'))
      return { ...signedOrder(id), body }
    }),
    attempt('another method', '405 method not allowed', (id) => ({ ...signedOrder(id), method: 'PUT' })),
    knock('the ping of a new webhook', '200', () => 'webhook_id=10'),
    knock('an order in the form of a ping', '400 X-WC-Webhook-Source is missing', (id) => JSON.stringify(wooOrder(id))),
    knock('more than a ping', '400 X-WC-Webhook-Source is missing', (id) => `webhook_id=10&id=${id}`),
    knock('a ping that names a store', '401 bad signature', () => 'webhook_id=10', {
      ...{ 'x-wc-webhook-source': besieged.storeId, 'x-wc-webhook-topic': 'order.updated' },
    }),
    attempt('an unsigned order that says it is a form', '401 bad signature', (id) =>
      withHeaders(signedOrder(id), { 'content-type': form, [signature]: undefined }),
    ),
    // WooCommerce does not sign the topic; so what is said to be deleted is asked about.
    attempt(
      'an order sent again as its deletion, which the shop denies',
      '200',
      (id) => {
        shops.besieged.put('orders', wooOrder(id))
        return signedOrder(id, { topic: 'order.deleted' })
      },
      true,
    ),
  ]
}
