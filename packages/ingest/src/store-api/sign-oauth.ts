import { createHmac } from 'node:crypto'
import OAuth from 'oauth-1.0a'

/** A key and its secret. */
export type OAuthPair = { readonly key: string; readonly secret: string }

/**
 * The parameters that prove who asks by GET (OAuth 1.0a, HMAC-SHA256, RFC 5849), the signature among them. No name may be
 * in the query twice.
 */
export function signOAuth(url: string, consumer: OAuthPair, token?: OAuthPair): OAuth.Authorization {
  // The library would sign names in the query as they are encoded, and `+` as itself.
  const { origin, pathname, searchParams } = new URL(url)
  const request = { url: origin + pathname, method: 'GET', data: Object.fromEntries(searchParams) }
  return oauthOf(consumer).authorize(request, token)
}

/** The same as the value of an Authorization header. */
export const oauthHeader = (url: string, consumer: OAuthPair, token: OAuthPair): string =>
  oauthOf(consumer).toHeader(signOAuth(url, consumer, token)).Authorization

const oauthOf = (consumer: OAuthPair): OAuth =>
  new OAuth({
    ...{ consumer, signature_method: 'HMAC-SHA256' },
    hash_function: (base, key) => createHmac('sha256', key).update(base).digest('base64'),
  })
