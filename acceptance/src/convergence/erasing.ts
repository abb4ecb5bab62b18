import { randomUUID } from 'node:crypto'
import { signedRequest } from '@varai/simulator'
import { waitUntil } from '@varai/testkit'
import type { SystemContext } from '../system/open-system.ts'
import type { besieged } from './stores.ts'

type Shop = (typeof besieged)[keyof typeof besieged]
type Customer = { _id: string; platformId: string; email?: string; erasedAt?: Date }
type Asked = { readonly id: string; readonly orders: readonly string[] }

/** Has customers erased while all else goes on, as Shopify asks for it: of one account of one store, and its orders. */
export function createErasing(context: SystemContext, shops: readonly Shop[]) {
  const { system, db } = context
  const asked = new Map<string, Asked>()
  const requests: number[] = []

  /** Asks for so many of those that are known, of each shop; waits until there are as many. */
  async function ask(most: number): Promise<void> {
    for (const shop of shops) {
      const store = { merchantId: shop.merchantId, platform: shop.platform, storeId: shop.storeId }
      const find = () =>
        db
          .collection<Customer>('customers')
          .find({ ...store, erasedAt: { $exists: false }, deleted: false, _id: { $nin: [...asked.keys()] } })
          .limit(most)
          .toArray()
      let known: Customer[] = []
      // the first of them are on their way
      await waitUntil(
        async () => {
          known = await find()
          return known.length === most
        },
        { what: `${most} customers of ${shop.storeId} who can be erased`, withinMs: 120_000 },
      )
      for (const customer of known) await askFor(shop, customer)
    }
  }

  async function askFor(shop: Shop, { _id: id, platformId, email }: Customer): Promise<void> {
    const { merchantId, platform, storeId, secret } = shop
    const orders = await db
      .collection<{ _id: string; platformId: string }>('orders')
      .find({ merchantId, platform, storeId, customerId: platformId })
      .toArray()
    // ids pass what a number can hold
    const person = `{"id":${platformId},"email":${JSON.stringify(email ?? null)}}`
    const redacted = `[${orders.map((order) => order.platformId).join(',')}]`
    const body = `{"shop_id":954889,"shop_domain":"${storeId}","customer":${person},"orders_to_redact":${redacted}}`
    const parts = { topic: 'customers/redact', shopDomain: storeId, webhookId: randomUUID(), secret }
    const { headers, body: bytes } = signedRequest(body, { ...parts, triggeredAt: new Date().toISOString() })
    const answer = await fetch(`${system.service('ingest-shopify').url}/webhooks/shopify`, {
      ...{ method: 'POST', headers, body: Buffer.from(bytes) },
    })
    await answer.text()
    requests.push(answer.status)
    asked.set(id, { id, orders: orders.map((order) => order._id) })
  }

  /** What is left of those who were asked for, and what was confirmed. */
  async function finding(): Promise<{ holds: boolean; figures: string[] }> {
    const ids = [...asked.keys()]
    const orders = [...asked.values()].flatMap((each) => each.orders)
    const marks = await db.collection('users').countDocuments({ _id: { $in: ids as never[] }, erased: true })
    const bare = { firstName: null, lastName: null, email: null, phone: null, note: null }
    const emptied = await db.collection('customers').countDocuments({ _id: { $in: ids as never[] }, ...bare })
    const stripped = await db
      .collection('orders')
      .countDocuments({ _id: { $in: orders as never[] }, email: null, phone: null, 'billingAddress.lastName': null })
    const confirmed = await db
      .collection('privacy_requests')
      .countDocuments({ 'confirmations.service': 'sync-core', kind: 'customer_redact' })
    return {
      holds:
        ids.length > 0 &&
        requests.every((status) => status === 200) &&
        [marks, emptied, confirmed].every((count) => count === ids.length) &&
        stripped === orders.length,
      figures: [
        `${ids.length} accounts were asked to be erased meanwhile: ${marks} documents are marks, ${emptied} records say nothing, ${stripped} of their ${orders.length} orders are without what is personal, ${confirmed} requests are confirmed in the ledger`,
      ],
    }
  }

  return { ask, finding }
}
