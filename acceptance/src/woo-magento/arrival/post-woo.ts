import { signedWooRequest } from '@varai/simulator'
import type { ShopsContext } from '../open-shops.ts'
import { wooStores } from '../stores.ts'

/** Of each topic its own webhook, and for all of them one delivery id: as if everything happened in one second. */
const webhooks: Readonly<Record<string, string>> = {
  ...{ 'order.created': '30', 'order.updated': '31', 'order.deleted': '32', 'order.restored': '33' },
  ...{ 'product.updated': '41', 'product.deleted': '42', 'product.restored': '43' },
}
const deliveryId = 'd41d8cd98f00b204e9800998ecf8427e'

/** Posts a delivery of the store whose shop is `lives`; rejects when it is not taken. */
export async function postWoo({ doors }: ShopsContext, topic: string, body: unknown): Promise<void> {
  const { storeId, secret } = wooStores.lives
  const parts = { storeId, secret, topic, webhookId: webhooks[topic] ?? '1', deliveryId }
  const answer = await fetch(doors.woo(), { method: 'POST', ...signedWooRequest(JSON.stringify(body), parts) })
  if (answer.status !== 200) throw new Error(`${topic} was answered with ${answer.status}: ${await answer.text()}`)
}
