import { createHmac } from 'node:crypto'
import OAuth from 'oauth-1.0a'

/** A key and its secret. */
export type OAuthPair = { readonly key: string; readonly secret: string }

/**
 * The parameters that prove who asks by GET (OAuth 1.0a, HMAC-SHA256, RFC 5849), the signature among them. The query of
 * `url` must write spaces as `%20`: `+` would be signed as itself.
 */
export function signOAuth(url: string, consumer: OAuthPair, token?: OAuthPair): OAuth.Authorization {
  return oauthOf(consumer).authorize({ url, method: 'GET' }, token)
}

/** The same as the value of an Authorization header. */
export const oauthHeader = (url: string, consumer: OAuthPair, token: OAuthPair): string =>
  oauthOf(consumer).toHeader(signOAuth(url, consumer, token)).Authorization

const oauthOf = (consumer: OAuthPair): OAuth =>
  new OAuth({
    ...{ consumer, signature_method: 'HMAC-SHA256' },
    hash_function: (base, key) => createHmac('sha256', key).update(base).digest('base64'),
  })
