import { signedRequest } from '@varai/simulator'
import { waitUntil } from '@varai/testkit'
import type { Check } from '../runner.ts'
import type { SystemContext } from '../system/open-system.ts'
import { stores } from './stores.ts'

const { ack: store } = stores
const bytesUnderWay = 'varai_ingest_shopify_requests_under_way_bytes'
const orderId = '9007199254740993' // the first integer that a double cannot hold

/** The broker stands still, so the ingest process dies with a verified delivery in its hands. */
export const killedBeforeAck: Check<SystemContext> = {
  title: 'ingest killed between verify and ack, then redelivered: not lost',
  async run({ system, db, webhookUrl, settled, metric }) {
    const ingest = system.service('ingest-shopify')
    const delivery = orderDelivery()
    const send = () => fetch(webhookUrl(), { method: 'POST', ...delivery })

    await system.stack.kill('kafka', 'SIGSTOP')
    let answered: number | 'no answer'
    try {
      const first = send().then(
        ({ status }) => status,
        () => 'no answer' as const,
      )
      await waitUntil(async () => (await metric('ingest-shopify', bytesUnderWay)) >= delivery.body.length, {
        what: 'the whole delivery',
      })
      await ingest.kill('SIGKILL')
      answered = await first
    } finally {
      await system.stack.kill('kafka', 'SIGCONT')
    }
    await ingest.restart()
    const again = (await send()).status
    const once = (await send()).status
    await settled()
    const order = await db.collection<{ _id: string; version: number }>('orders').findOne({
      _id: `${store.merchantId}|shopify|${store.storeId}|${orderId}`,
    })
    return {
      holds: answered === 'no answer' && again === 200 && once === 200 && order !== null && order.version === 1,
      figures: [
        `first attempt: ${answered}; redelivered: ${again}; a third time: ${once}`,
        order === null ? 'the order is not there' : `the order is there, id exact, version ${order.version}`,
      ],
    }
  },
}

function orderDelivery(): { headers: Record<string, string>; body: Buffer<ArrayBuffer> } {
  const at = '2026-11-20T10:00:00Z'
  const body = `{"id":${orderId},"name":"#1","created_at":"${at}","updated_at":"${at}","currency":"EUR","total_price":"189.90","financial_status":"pending","line_items":[]}`
  const { headers, body: bytes } = signedRequest(body, {
    topic: 'orders/create',
    shopDomain: store.storeId,
    secret: store.secret,
    webhookId: 'killed-before-ack',
    triggeredAt: at,
  })
  return { headers, body: Buffer.from(bytes) }
}
