import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { claimedShop, verify } from './verify.ts'

const rawBody = Buffer.from('{"id":820982911946154508,"url":"https:\\/\\/x","name":"J\\u00f6rg"}')
const sign = (secret: string, bytes: Buffer = rawBody) => createHmac('sha256', secret).update(bytes).digest('base64')
const headers = (changes: Record<string, string> = {}) => ({
  'x-shopify-hmac-sha256': sign('new'),
  'x-shopify-webhook-id': 'd-1',
  'x-shopify-topic': 'orders/create',
  ...changes,
})
const badSignature = { ok: false, answer: 401, reason: 'bad signature' }

test('the exact bytes are what is signed', () => {
  expect(verify({ headers: headers(), rawBody }, ['new'])).toEqual({
    ok: true,
    deliveryId: 'd-1',
    topic: 'orders/create',
  })
  const reprinted = Buffer.from(JSON.stringify(JSON.parse(rawBody.toString())))
  expect(verify({ headers: headers(), rawBody: reprinted }, ['new'])).toEqual(badSignature)
})

test('while a secret is being rotated both count, and no third', () => {
  expect(verify({ headers: headers(), rawBody }, ['other', 'new']).ok).toBe(true)
  expect(verify({ headers: headers({ 'x-shopify-hmac-sha256': sign('old') }), rawBody }, ['new', 'old']).ok).toBe(true)
  expect(verify({ headers: headers({ 'x-shopify-hmac-sha256': sign('older') }), rawBody }, ['new', 'old'])).toEqual(
    badSignature,
  )
})

describe('401 for what is no signature', () => {
  test.each([
    ['missing', {}],
    ['empty', { 'x-shopify-hmac-sha256': '' }],
    ['cut off', { 'x-shopify-hmac-sha256': sign('new').slice(0, 20) }],
    ['in hex', { 'x-shopify-hmac-sha256': createHmac('sha256', 'new').update(rawBody).digest('hex') }],
    ['no base64', { 'x-shopify-hmac-sha256': '***' }],
  ])('%s', (_, signature) => {
    const { 'x-shopify-hmac-sha256': __, ...others } = headers()
    expect(verify({ headers: { ...others, ...signature }, rawBody }, ['new'])).toEqual(badSignature)
  })

  test('a store without secrets trusts nobody', () => {
    expect(verify({ headers: headers(), rawBody }, [])).toEqual(badSignature)
  })

  test('one changed byte', () => {
    const changed = Buffer.from(rawBody)
    changed[8] = 0x39
    expect(verify({ headers: headers(), rawBody: changed }, ['new'])).toEqual(badSignature)
  })
})

describe('400 for a signed delivery that lacks what is needed', () => {
  test.each([
    ['x-shopify-webhook-id', '', 'X-Shopify-Webhook-Id is missing'],
    ['x-shopify-webhook-id', 'a|b', 'X-Shopify-Webhook-Id is no id'],
    ['x-shopify-webhook-id', 'x'.repeat(513), 'X-Shopify-Webhook-Id is no id'],
    ['x-shopify-topic', ' ', 'X-Shopify-Topic is missing'],
  ])('%s %j', (name, value, reason) => {
    expect(verify({ headers: headers({ [name]: value }), rawBody }, ['new'])).toEqual({
      ok: false,
      answer: 400,
      reason,
    })
  })

  test('but the signature is asked for first', () => {
    expect(verify({ headers: { 'x-shopify-topic': 'orders/create' }, rawBody }, ['new'])).toEqual(badSignature)
  })
})

test('the time of the trigger is taken where it is given', () => {
  const triggered = headers({ 'x-shopify-triggered-at': '2024-08-07T22:57:57.290670248Z' })
  expect(verify({ headers: triggered, rawBody }, ['new'])).toMatchObject({
    triggeredAt: '2024-08-07T22:57:57.290670248Z',
  })
})

test('the shop is the one that the header names, whatever its case', () => {
  expect(claimedShop({ headers: { 'x-shopify-shop-domain': 'Shop.MyShopify.com' } })).toEqual({
    ok: true,
    storeId: 'shop.myshopify.com',
  })
  expect(claimedShop({ headers: {} })).toEqual({
    ok: false,
    answer: 400,
    reason: 'X-Shopify-Shop-Domain is missing',
  })
})
