import { signOAuth } from '@varai/ingest'

export type Consumer = { readonly consumerKey: string; readonly consumerSecret: string }
/** How a request proves who asks. In the query is for hosts that take the Authorization header away. */
export type Way = 'header' | 'query'
export type Authorised = { readonly url: string; readonly headers: Readonly<Record<string, string>> }

/**
 * A GET as the store accepts it. Over https the key and secret themselves; over http neither may be seen, so the request
 * is signed (OAuth 1.0a), with the parameters in the query, where every host leaves them.
 */
export function authorise(url: URL, { consumerKey, consumerSecret }: Consumer, way: Way): Authorised {
  if (url.protocol !== 'https:') return { url: signed(url, { consumerKey, consumerSecret }), headers: {} }
  if (way === 'header') {
    const basic = Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64')
    return { url: url.href, headers: { authorization: `Basic ${basic}` } }
  }
  const inQuery = new URL(url)
  inQuery.searchParams.set('consumer_key', consumerKey)
  inQuery.searchParams.set('consumer_secret', consumerSecret)
  return { url: inQuery.href, headers: {} }
}

function signed(url: URL, { consumerKey, consumerSecret }: Consumer): string {
  const parameters = signOAuth(url.href, { key: consumerKey, secret: consumerSecret })
  const whole = new URL(url)
  for (const [name, value] of Object.entries(parameters)) whole.searchParams.set(name, String(value))
  return whole.href
}
