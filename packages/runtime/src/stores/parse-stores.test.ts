import { describe, expect, test } from 'vitest'
import { parseStores } from './parse-stores.ts'

const errorsIn = (text: string, env = {}): string[] => {
  const parsed = parseStores(text, { env })
  return parsed.ok ? [] : parsed.errors.map(({ line, text }) => `${line}: ${text}`)
}

const everyPlatform = `
merchants:
  - id: demo
    name: Demo Optik
    stores:
      - platform: shopify
        id: Demo-One.myshopify.com
        name: One
        currency: EUR
        timezone: Europe/Berlin
        api: { version: 2026-10 }
        credentials: { accessToken: { env: SHOPIFY_TOKEN } }
        webhookSecrets: { current: { env: SHOPIFY_SECRET }, previous: { literal: old } }
      - platform: woocommerce
        id: https://Shop.Example/Optik/
        currency: CHF
        credentials: { consumerKey: { literal: ck }, consumerSecret: { literal: cs } }
        webhookSecrets: { current: { literal: woo } }
  - id: other
    stores:
      - platform: magento
        id: other-default
        storeCode: default
        currency: USD
        api: { url: https://magento.example/ }
        credentials: { accessToken: { literal: mt } }
        adobe: { clientId: ca7b36f2 }
      - platform: html
        id: boutique
        currency: JPY
        publishableKey: pk_1
        allowedOrigins: [https://boutique.example, 'http://LOCALHOST:3000/']
        credentials: { secretKey: { literal: sk } }
`
const env = { SHOPIFY_TOKEN: 'shpat', SHOPIFY_SECRET: 'shpss' }

test('stores of every platform, ids in their one form, secrets resolved', () => {
  const parsed = parseStores(everyPlatform, { env })
  expect(parsed).toEqual({
    ok: true,
    warnings: [],
    stores: [
      {
        merchantId: 'demo',
        platform: 'shopify',
        id: 'demo-one.myshopify.com',
        name: 'One',
        currency: 'EUR',
        timezone: 'Europe/Berlin',
        api: { url: 'https://demo-one.myshopify.com', version: '2026-10' },
        credentials: { accessToken: 'shpat' },
        webhookSecrets: { current: 'shpss', previous: 'old' },
      },
      {
        merchantId: 'demo',
        platform: 'woocommerce',
        id: 'https://shop.example/optik',
        currency: 'CHF',
        api: { url: 'https://shop.example/optik' },
        credentials: { consumerKey: 'ck', consumerSecret: 'cs' },
        webhookSecrets: { current: 'woo' },
      },
      {
        merchantId: 'other',
        platform: 'magento',
        id: 'other-default',
        storeCode: 'default',
        currency: 'USD',
        api: { url: 'https://magento.example' },
        credentials: { accessToken: 'mt' },
        adobe: { clientId: 'ca7b36f2' },
      },
      {
        merchantId: 'other',
        platform: 'html',
        id: 'boutique',
        currency: 'JPY',
        publishableKey: 'pk_1',
        allowedOrigins: ['https://boutique.example', 'http://localhost:3000'],
        credentials: { secretKey: 'sk' },
      },
    ],
  })
})

test('secrets of platforms that a process does not serve are neither needed nor kept, their form is still checked', () => {
  const parsed = parseStores(everyPlatform, { env: {}, reads: (platform) => platform === 'html' })
  expect(parsed.ok && parsed.stores[0]).not.toHaveProperty('credentials')
  expect(parsed.ok && parsed.stores[0]).not.toHaveProperty('webhookSecrets')
  expect(parsed.ok && parsed.stores[3]).toHaveProperty('credentials', { secretKey: 'sk' })
  const wrong = everyPlatform.replace('{ env: SHOPIFY_TOKEN }', 'shpat_written_down')
  expect(parseStores(wrong, { env: {}, reads: () => false }).ok).toBe(false)
})

test.each([
  ['{ accessToken: { literal: a } }', { accessToken: 'a' }],
  ['{ clientId: c, clientSecret: { literal: s } }', { clientId: 'c', clientSecret: 's' }],
  [
    '{ clientId: c, clientSecret: { literal: s }, refreshToken: { literal: r } }',
    { clientId: 'c', clientSecret: 's', refreshToken: 'r' },
  ],
  ['{ accessToken: { literal: a }, refreshToken: { literal: r } }', undefined],
  ['{ clientId: c, refreshToken: { literal: r } }', undefined],
])('Shopify credentials %s', (written, credentials) => {
  const parsed = parseStores(
    `merchants: [{ id: demo, stores: [{ platform: shopify, id: one.myshopify.com, currency: EUR, credentials: ${written} }] }]`,
    { env: {} },
  )
  if (credentials === undefined) expect(parsed.ok).toBe(false)
  else expect(parsed.ok && parsed.stores[0]).toMatchObject({ credentials })
})

test.each([
  ['{ accessToken: { literal: t } }', { accessToken: 't' }],
  [
    '{ consumerKey: { literal: k }, consumerSecret: { literal: s }, accessToken: { literal: t }, accessTokenSecret: { literal: u } }',
    { consumerKey: 'k', consumerSecret: 's', accessToken: 't', accessTokenSecret: 'u' },
  ],
  ['{ accessToken: { literal: t }, consumerKey: { literal: k } }', undefined],
  ['{ consumerKey: { literal: k }, consumerSecret: { literal: s } }', undefined],
])('Magento credentials %s', (written, credentials) => {
  const store = `{ platform: magento, id: default, currency: EUR, api: { url: 'https://m.example' }, credentials: ${written} }`
  const parsed = parseStores(`merchants: [{ id: demo, stores: [${store}] }]`, { env: {} })
  if (credentials === undefined) expect(parsed.ok).toBe(false)
  else expect(parsed.ok && parsed.stores[0]).toHaveProperty('credentials', credentials)
})

test('every error is told at once, each with its line', () => {
  const text = `merchants:
  - id: demo
    stores:
      - platform: shopify
        id: one.myshopify.com
        curency: EUR
        webhookSecrets: { current: { env: NOPE } }
      - platform: shopfy
        id: x
      - platform: woocommerce
        id: https://shop.example
        currency: eur
        timezone: Mars/Base
      - platform: html
        id: a|b
        currency: EUR
        allowedOrigins: [https://a.example/path, 3]
      - platform: magento
        id: 5
        currency: EUR
        webhook_secrets: {}
      - 5
    colour: red
  - id: two
    stores: none
`
  expect(errorsIn(text)).toEqual([
    '4: currency is missing; expected an ISO 4217 code such as EUR (demo, one.myshopify.com)',
    '6: curency is not a known key; did you mean currency? (demo, one.myshopify.com)',
    '7: webhookSecrets.current cannot be resolved: NOPE is missing; expected a secret, or NOPE_FILE (demo, one.myshopify.com)',
    '8: platform is "shopfy"; did you mean shopify? (demo, x)',
    '12: currency is "eur"; expected an ISO 4217 code such as EUR (demo, https://shop.example)',
    '13: timezone is "Mars/Base"; expected an IANA time zone such as Europe/Berlin (demo, https://shop.example)',
    '14: publishableKey is missing; expected the key that browsers use (demo, a|b)',
    '15: id is "a|b"; expected the key of the store, without | and control characters (demo, a|b)',
    '17: allowedOrigins[0] is "https://a.example/path"; expected an origin such as https://www.example.com, without a path (demo, a|b)',
    '17: allowedOrigins[1] is a number; put it in quotes (demo, a|b)',
    '18: api is missing; expected a mapping with url, version (demo)',
    '19: id is a number; put it in quotes (demo)',
    '21: webhook_secrets is not a known key; did you mean webhookSecrets? (demo)',
    '22: merchants[0].stores[5] is something else; expected a mapping that describes a store (demo)',
    '23: colour is not a known key; known here: id, name, stores (demo)',
    '25: merchants[1].stores is not a list; expected a list of stores (two)',
  ])
})

test('one store is there once, whatever its spelling and whoever claims it; one merchant, too', () => {
  const text = `merchants:
  - id: demo
    stores: [{ platform: woocommerce, id: https://shop.example, currency: EUR }]
  - id: demo
    stores: [{ platform: woocommerce, id: HTTPS://Shop.example/, currency: EUR }]
`
  expect(errorsIn(text)).toEqual([
    '4: merchant demo is there twice; first on line 2',
    '5: woocommerce store https://shop.example is there twice; first on line 3',
  ])
})

describe('secrets', () => {
  const withSecret = (reference: string) => `merchants:
  - id: demo
    stores:
      - platform: shopify
        id: one.myshopify.com
        currency: EUR
        webhookSecrets: { current: ${reference} }
`

  test('one that is not a reference is refused without being repeated', () => {
    for (const reference of ['hunter2', '{ env: "hunter2 !" }', '{ env: A, literal: hunter2 }', '[hunter2]']) {
      const [error] = errorsIn(withSecret(reference))
      expect(error).toMatch(/^7: webhookSecrets.current is not usable; expected a reference to a secret/)
      expect(error).not.toContain('hunter2')
    }
  })

  test('a literal is for development: in production it is pointed at', () => {
    const parse = (NODE_ENV: string) => parseStores(withSecret('{ literal: dev }'), { env: { NODE_ENV } })
    expect(parse('development')).toMatchObject({ ok: true, warnings: [] })
    expect(parse('production')).toMatchObject({ ok: true, warnings: [{ line: 7 }] })
  })

  test('a file that NAME_FILE names is told before it is read', () => {
    const files: string[] = []
    const usesFile = (path: string) => void files.push(path)
    const parsed = parseStores(withSecret('{ env: NAME }'), { env: { NAME_FILE: '/nowhere/x' }, usesFile })
    expect(files).toEqual(['/nowhere/x'])
    expect(parsed).toMatchObject({ ok: false, errors: [{ line: 7, text: expect.stringContaining('no such file') }] })
  })

  test('Shopify takes a token or client credentials, not both, not half', () => {
    const file = (credentials: string) =>
      withSecret('{ literal: x }').replace('currency: EUR', `currency: EUR\n        credentials: ${credentials}`)
    expect(errorsIn(file('{ clientId: abc, clientSecret: { literal: x } }'))).toEqual([])
    for (const bad of ['{}', '{ clientId: abc }', '{ accessToken: { literal: x }, clientId: abc }']) {
      expect(errorsIn(file(bad))).toEqual([
        '7: credentials must be either accessToken, or clientId with clientSecret and, for an expiring token, refreshToken (demo, one.myshopify.com)',
      ])
    }
  })
})

test('what is no YAML, holds a key twice, or is no mapping', () => {
  expect(errorsIn('merchants:\n  - id: a\n   stores: []\n')[0]).toMatch(/^3: /)
  expect(errorsIn('merchants: []\nmerchants: []\n')[0]).toBe('2: Map keys must be unique')
  expect(errorsIn('')).toEqual(['1: the file is something else; expected a mapping with merchants'])
  expect(errorsIn('merchants: []')).toEqual([])
})

test('an anchor is followed to the line of its error', () => {
  const text = `merchants:
  - id: demo
    stores:
      - &one { platform: shopify, id: one.myshopify.com, currency: euro }
  - id: two
    stores: [*one]
`
  expect(errorsIn(text)).toEqual([
    expect.stringMatching(/^4: currency is "euro"/),
    expect.stringMatching(/^4: currency is "euro"/),
    expect.stringMatching(/^4: shopify store one.myshopify.com is there twice/),
  ])
})
