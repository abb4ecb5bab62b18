import { createHmac, timingSafeEqual } from 'node:crypto'

/** What an integration may know: a token alone, or OAuth 1.0a's four values. */
export type MagentoAccess =
  | { readonly accessToken: string }
  | {
      readonly consumerKey: string
      readonly consumerSecret: string
      readonly accessToken: string
      readonly accessTokenSecret: string
    }

/** How old a signed request may be, ms. */
const window = 600_000

/**
 * Whether a GET may be answered. An integration with OAuth secrets must sign: that its token alone opens the shop is
 * switched off since 2.4.4. `nonces` remembers those that were used.
 */
export function isAllowed(url: URL, authorization: string, access: MagentoAccess, nonces: Set<string>): boolean {
  if (!('consumerKey' in access)) return authorization === `Bearer ${access.accessToken}`
  if (!authorization.startsWith('OAuth ')) return false
  const given = new Map(
    [...authorization.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      decodeURIComponent(value),
    ]),
  )
  const signed = [...given].filter(([name]) => name !== 'oauth_signature' && name !== 'realm')
  const parameters = [...url.searchParams, ...signed]
    .map(([name, value]): [string, string] => [encode(name), encode(value)])
    .sort(([a, b], [c, d]) => (a < c || (a === c && b < d) ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&')
  const base = ['GET', encode(url.origin + url.pathname), encode(parameters)].join('&')
  const key = `${encode(access.consumerSecret)}&${encode(access.accessTokenSecret)}`
  const ours = createHmac('sha256', key).update(base).digest()
  const theirs = Buffer.from(given.get('oauth_signature') ?? '', 'base64')
  const nonce = given.get('oauth_nonce') ?? ''
  const isFresh =
    Math.abs(Date.now() - Number(given.get('oauth_timestamp')) * 1000) < window && nonce !== '' && !nonces.has(nonce)
  nonces.add(nonce)
  return (
    isFresh &&
    given.get('oauth_signature_method') === 'HMAC-SHA256' &&
    given.get('oauth_consumer_key') === access.consumerKey &&
    given.get('oauth_token') === access.accessToken &&
    theirs.length === ours.length &&
    timingSafeEqual(theirs, ours)
  )
}

const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
