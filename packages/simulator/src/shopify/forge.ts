import { createHash } from 'node:crypto'
import type { Sendable } from '../deliver.ts'
import { signShopify } from './sign.ts'

/** Ways in which a request is not what a shop sends. */
export type Forgery =
  | 'wrong-secret'
  | 'unsigned'
  | 'swapped-body'
  | 'no-webhook-id'
  | 'unknown-store'
  | 'unknown-topic'
  | 'truncated'
  | 'not-utf8'
  | 'not-an-object'

/** What must become of it: the HTTP answer, and whether the bytes are kept as a dead letter. */
export const forgeries: Readonly<Record<Forgery, { answer: number; deadLetter: boolean }>> = {
  'wrong-secret': { answer: 401, deadLetter: false },
  unsigned: { answer: 401, deadLetter: false },
  'swapped-body': { answer: 401, deadLetter: false },
  'no-webhook-id': { answer: 400, deadLetter: false },
  'unknown-store': { answer: 404, deadLetter: false },
  'unknown-topic': { answer: 200, deadLetter: true },
  truncated: { answer: 200, deadLetter: true },
  'not-utf8': { answer: 200, deadLetter: true },
  'not-an-object': { answer: 200, deadLetter: true },
}

export type Forged = Sendable & { forgery: Forgery; webhookId: string }

/**
 * Makes a forged request out of a delivery. It has a webhook id of its own, always the same for the same delivery and
 * forgery, so that it stands beside the original and is not taken for its repetition.
 */
export function forge(forgery: Forgery, original: Sendable, secret: string): Forged {
  const given = original.headers['X-Shopify-Webhook-Id'] ?? ''
  const webhookId = idFrom(`${forgery}|${given}`)
  const body = bodyOf(forgery, Buffer.from(original.body))
  const signature = signShopify(
    forgery === 'swapped-body' ? original.body : body,
    forgery === 'wrong-secret' ? `${secret}-forged` : secret,
  )
  const headers = {
    ...original.headers,
    'X-Shopify-Webhook-Id': webhookId,
    'X-Shopify-Hmac-Sha256': signature,
    ...(forgery === 'unknown-store' && { 'X-Shopify-Shop-Domain': 'nobody.myshopify.com' }),
    ...(forgery === 'unknown-topic' && { 'X-Shopify-Topic': 'fulfillment_orders/moved_again' }),
  }
  return { forgery, webhookId, body, headers: without(headers, forgery) }
}

const removed: Partial<Record<Forgery, string>> = {
  unsigned: 'X-Shopify-Hmac-Sha256',
  'no-webhook-id': 'X-Shopify-Webhook-Id',
}

const without = (headers: Readonly<Record<string, string>>, forgery: Forgery): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== removed[forgery]))

function bodyOf(forgery: Forgery, original: Buffer): Buffer {
  switch (forgery) {
    case 'truncated':
      return original.subarray(0, Math.floor(original.length / 2))
    case 'swapped-body':
      return Buffer.from(original.toString('utf8').replace('{', '{"forged":true,'))
    case 'not-utf8':
      return Buffer.concat([Buffer.from('{"note":"'), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}')])
    case 'not-an-object':
      return Buffer.from('[1,2,3]')
    default:
      return original
  }
}

/** A UUID (version 8) made of a text. */
function idFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
