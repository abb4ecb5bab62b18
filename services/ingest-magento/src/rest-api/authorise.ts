import { oauthHeader } from '@varai/ingest'
import type { MagentoCredentials } from '@varai/runtime/stores'

/**
 * The Authorization header of a GET. An integration's token alone opens a shop only where its owner allowed that, which
 * no shop does by itself since 2.4.4; with the integration's secrets every request is signed.
 */
export function authorise(url: string, credentials: MagentoCredentials): string {
  if (!('consumerKey' in credentials)) return `Bearer ${credentials.accessToken}`
  const { consumerKey, consumerSecret, accessToken, accessTokenSecret } = credentials
  return oauthHeader(url, { key: consumerKey, secret: consumerSecret }, { key: accessToken, secret: accessTokenSecret })
}
