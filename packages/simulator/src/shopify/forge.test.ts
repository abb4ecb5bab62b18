import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createShop } from '../create-shop.ts'
import { type Forgery, forge, forgeries } from './forge.ts'

const shop = createShop({ seed: 2, merchantId: 'm', storeId: 's.myshopify.com', secret: 'shh', deliveries: 3 })
const [original] = [...shop.deliveries()]
if (original === undefined) throw new Error('the shop sent nothing')
const made = (forgery: Forgery) => forge(forgery, original, 'shh')
const isSigned = (forgery: Forgery) => {
  const { headers, body } = made(forgery)
  return headers['X-Shopify-Hmac-Sha256'] === createHmac('sha256', 'shh').update(body).digest('base64')
}
const names = Object.keys(forgeries) as Forgery[]

test.each(names)('%s stands beside the original under an id of its own, the same each time', (forgery) => {
  expect(made(forgery)).toEqual(made(forgery))
  expect(made(forgery).webhookId).toMatch(/^[0-9a-f-]{36}$/)
  expect(made(forgery).webhookId).not.toBe(original.headers['X-Shopify-Webhook-Id'])
  expect(made(forgery).headers['X-Shopify-Webhook-Id']).toBe(
    forgery === 'no-webhook-id' ? undefined : made(forgery).webhookId,
  )
})

test('only what must be answered 401 lacks a good signature', () => {
  expect(names.filter((name) => !isSigned(name))).toEqual(names.filter((name) => forgeries[name].answer === 401))
})

describe('a body', () => {
  test('that is cut off is no JSON', () => {
    expect(() => JSON.parse(made('truncated').body.toString())).toThrow(SyntaxError)
  })
  test('that is not UTF-8 is none', () => {
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(made('not-utf8').body)).toThrow(TypeError)
  })
  test('that was swapped is JSON under the signature of another', () => {
    expect(JSON.parse(made('swapped-body').body.toString())).toMatchObject({ forged: true })
    expect(made('swapped-body').headers['X-Shopify-Hmac-Sha256']).toBe(original.headers['X-Shopify-Hmac-Sha256'])
  })
})
