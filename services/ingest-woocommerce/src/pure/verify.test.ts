import { createHmac } from 'node:crypto'
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { claimedSite, shakeHands, specialCharsDecoded, verify } from './verify.ts'

const sign = (body: string, secret: string) => createHmac('sha256', secret).update(body).digest('base64')
function delivery(body: string, changes: Record<string, string> = {}, secret = 's1') {
  const headers = {
    ...{ 'x-wc-webhook-signature': sign(body, secret), 'x-wc-webhook-topic': 'order.updated' },
    ...{ 'x-wc-webhook-id': '10', 'x-wc-webhook-delivery-id': 'f6', ...changes },
  }
  return { headers, rawBody: Buffer.from(body) }
}
const idOf = (...of: Parameters<typeof delivery>) => {
  const verdict = verify(delivery(...of), ['s1', 's2'])
  return verdict.ok ? verdict.deliveryId : verdict.reason
}

describe('signatures', () => {
  test('either of two secrets may have signed, and no other', () => {
    expect(verify(delivery('{}', {}, 's2'), ['s1', 's2'])).toMatchObject({ ok: true, topic: 'order.updated' })
    for (const secrets of [['s1'], []]) {
      expect(verify(delivery('{}', {}, 's2'), secrets)).toMatchObject({ ok: false, answer: 401 })
    }
    expect(verify(delivery('{}', { 'x-wc-webhook-signature': '' }), ['s1'])).toMatchObject({ answer: 401 })
  })

  test.prop([fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.nat()])(
    'one changed byte is noticed',
    (bytes, where) => {
      const rawBody = Buffer.from(bytes)
      const signature = createHmac('sha256', 's1').update(rawBody).digest('base64')
      const changed = Buffer.from(rawBody)
      changed.writeUInt8(changed.readUInt8(where % changed.length) ^ 1, where % changed.length)
      const { headers } = delivery('', { 'x-wc-webhook-signature': signature })
      expect(verify({ headers, rawBody }, ['s1']).ok).toBe(true)
      expect(verify({ headers, rawBody: changed }, ['s1']).ok).toBe(false)
    },
  )

  test('WordPress signs with the decoded secret, however the configured one is written', () => {
    expect(verify(delivery('{}', {}, `a&b"'<>`), [`a&amp;b&quot;&#039;&lt;&#062;`]).ok).toBe(true)
    expect(verify(delivery('{}', {}, 'a&b'), ['a&b']).ok).toBe(true)
    expect(specialCharsDecoded('&amp;lt; &AMP; &#X26; &#x0027; &#00038; &eacute; &#65;')).toBe(
      "&lt; &AMP; & ' & &eacute; &#65;",
    )
  })
})

test('a delivery is named by what it brings: WooCommerce gives all of one second the same id', () => {
  expect(idOf('{"id":1}')).toBe(idOf('{"id":1}', { 'x-wc-webhook-delivery-id': 'other' }))
  const ids = [
    idOf('{"id":1}'),
    idOf('{"id":2}'),
    idOf('{"id":1}', { 'x-wc-webhook-id': '11' }),
    idOf('{"id":1}', { 'x-wc-webhook-topic': 'order.created' }),
    idOf('{"id":1}', { 'x-wc-webhook-topic': 'order.deleted' }),
    idOf('{"id":1}', { 'x-wc-webhook-topic': 'order.deleted', 'x-wc-webhook-delivery-id': 'other' }),
  ]
  expect(new Set(ids).size).toBe(ids.length)
})

test('headers that are missing or no such thing: 400, once it is signed', () => {
  for (const name of ['x-wc-webhook-topic', 'x-wc-webhook-id', 'x-wc-webhook-delivery-id']) {
    expect(verify(delivery('{}', { [name]: '' }), ['s1']), name).toMatchObject({ ok: false, answer: 400 })
    expect(verify(delivery('{}', { [name]: '' }), ['other']), name).toMatchObject({ ok: false, answer: 401 })
  }
  expect(verify(delivery('{}', { 'x-wc-webhook-topic': 'a|b' }), ['s1'])).toMatchObject({ answer: 400 })
  expect(verify(delivery('{}', { 'x-wc-webhook-id': 'x' }), ['s1'])).toMatchObject({ answer: 400 })
})

test('a site is named without its case and last slash', () => {
  expect(claimedSite({ headers: { 'x-wc-webhook-source': 'https://Shop.example/Blog/' } })).toEqual({
    ...{ ok: true, storeId: 'https://shop.example/blog' },
  })
  expect(claimedSite({ headers: {} })).toMatchObject({ ok: false, answer: 400 })
})

test('the ping is answered, and nothing that only looks like one', () => {
  const ping = (body: string, changes: Record<string, string> = {}, method = 'POST') =>
    shakeHands({
      ...{ method, rawBody: Buffer.from(body) },
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...changes },
    })
  expect(ping('webhook_id=12')).toEqual({ ok: true })
  expect(ping('webhook_id=12', { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' })).toBeDefined()
  for (const body of [
    'webhook_id=',
    'webhook_id=1&x=2',
    '{"id":1}',
    `webhook_id=${'1'.repeat(50)}`,
    '\nwebhook_id=1',
  ]) {
    expect(ping(body), body).toBeUndefined()
  }
  expect(ping('webhook_id=1', { 'content-type': 'application/json' })).toBeUndefined()
  expect(ping('webhook_id=1', { 'x-wc-webhook-topic': 'order.created' })).toBeUndefined()
  expect(ping('webhook_id=1', {}, 'GET')).toBeUndefined()
})
