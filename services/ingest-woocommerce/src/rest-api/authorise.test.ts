import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { authorise } from './authorise.ts'

const consumer = { consumerKey: 'ck_1', consumerSecret: 'cs_1' }

test('over https: key and secret, in the header or, for hosts that drop it, in the query', () => {
  const url = new URL('https://shop.example/wp-json/wc/v3/orders?page=2')
  expect(authorise(url, consumer, 'header')).toEqual({
    ...{ url: url.href, headers: { authorization: `Basic ${Buffer.from('ck_1:cs_1').toString('base64')}` } },
  })
  expect(authorise(url, consumer, 'query')).toEqual({
    ...{ url: `${url.href}&consumer_key=ck_1&consumer_secret=cs_1`, headers: {} },
  })
})

test('over http: signed as RFC 5849 says, and the secret is nowhere', () => {
  const url = new URL('http://shop.example/wp-json/wc/v3/orders?modified_after=2026-11-22T08%3A00%3A00&per_page=100')
  for (const way of ['header', 'query'] as const) {
    const { url: signed, headers } = authorise(url, consumer, way)
    expect([headers, signed.includes('cs_1')]).toEqual([{}, false])
    const { searchParams } = new URL(signed)
    const given = searchParams.get('oauth_signature') ?? ''
    searchParams.delete('oauth_signature')
    const encode = (text: string) =>
      encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)
    const pairs = [...searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort()
    const base = ['GET', encode('http://shop.example/wp-json/wc/v3/orders'), encode(pairs.join('&'))].join('&')
    expect(given).toBe(createHmac('sha256', 'cs_1&').update(base).digest('base64'))
    expect(searchParams.get('oauth_consumer_key')).toBe('ck_1')
  }
})
