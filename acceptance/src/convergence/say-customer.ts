import { randomUUID } from 'node:crypto'
import { signedModuleRequest, signedRequest, signedWooRequest } from '@varai/simulator'
import type { SystemContext } from '../system/open-system.ts'
import type { Store } from './stores.ts'

export type Customer = {
  readonly id: number
  readonly email: string
  readonly firstName: string
  /** ms */
  readonly createdAt: number
  readonly updatedAt: number
}

/** Posts what a store says of a customer, as its platform does, under a delivery id of its own; the HTTP status. */
export async function sayCustomer({ system }: SystemContext, store: Store, customer: Customer): Promise<number> {
  const { path, request } = deliveryOf(store, customer)
  const answer = await fetch(`${system.service(`ingest-${store.platform}`).url}${path}`, { method: 'POST', ...request })
  await answer.text()
  return answer.status
}

function deliveryOf({ platform, storeId, secret }: Store, { id, email, firstName, createdAt, updatedAt }: Customer) {
  switch (platform) {
    case 'shopify': {
      const body = { id, email, first_name: firstName, created_at: iso(createdAt), updated_at: iso(updatedAt) }
      const parts = { topic: 'customers/update', shopDomain: storeId, webhookId: randomUUID(), secret }
      return {
        path: '/webhooks/shopify',
        request: sendable(signedRequest(JSON.stringify(body), { ...parts, triggeredAt: iso(updatedAt) })),
      }
    }
    case 'woocommerce': {
      const times = { date_created_gmt: wooTime(createdAt), date_modified_gmt: wooTime(updatedAt) }
      const parts = { topic: 'customer.updated', webhookId: '1', deliveryId: randomUUID(), storeId, secret }
      return {
        path: '/webhooks/woocommerce',
        request: sendable(
          signedWooRequest(JSON.stringify({ id, email, first_name: firstName, last_name: '', ...times }), parts),
        ),
      }
    }
    case 'magento': {
      const times = { created_at: sqlTime(createdAt), updated_at: sqlTime(updatedAt), saved_at: iso(updatedAt) }
      const parts = { topic: 'customer.saved', eventId: randomUUID(), sentAt: Date.now(), storeId, secret }
      return {
        path: '/webhooks/magento/module',
        request: sendable(signedModuleRequest(JSON.stringify({ id, email, firstname: firstName, ...times }), parts)),
      }
    }
    default:
      return platform satisfies never
  }
}

const sendable = ({ headers, body }: { headers: Record<string, string>; body: Uint8Array }) => ({
  headers,
  body: Buffer.from(body),
})

const iso = (at: number): string => new Date(at).toISOString()
const wooTime = (at: number): string => iso(at).slice(0, 19)
const sqlTime = (at: number): string => wooTime(at).replace('T', ' ')
