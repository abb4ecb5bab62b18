import { z } from 'zod'
import { anyText, listOf, mapping, suggestion, value } from '../yaml/words.ts'
import { currency, httpUrl, idPart, origin, type SecretSource, secretRef, timezone } from './file-values.ts'
import { canonicalStoreId, type Platform, platforms } from './store.ts'

/**
 * The schema of the stores file. It yields stores in their final form, secrets resolved; secrets of platforms that
 * `reads` refuses are checked for their form only and left out (this process was not given them).
 */
export function storesFileSchema(source: SecretSource, reads: (platform: Platform) => boolean) {
  const unread: SecretSource = { env: anything, usesFile: () => undefined }
  const secretOf = (platform: Platform) => secretRef(reads(platform) ? source : unread)

  const shared = <P extends Platform>(platform: P) => ({
    platform: z.literal(platform),
    name: anyText('a name').exactOptional(),
    currency,
    timezone: timezone.exactOptional(),
    webhookSecrets: mapping({
      current: secretOf(platform),
      previous: secretOf(platform).exactOptional(),
    }).exactOptional(),
  })

  const shopifyCredentials = mapping({
    accessToken: secretOf('shopify').exactOptional(),
    clientId: anyText('the client id of the app').exactOptional(),
    clientSecret: secretOf('shopify').exactOptional(),
    refreshToken: secretOf('shopify').exactOptional(),
  }).transform(({ accessToken, clientId, clientSecret, refreshToken }, context) => {
    const app = [clientId, clientSecret, refreshToken]
    if (accessToken !== undefined && app.every((part) => part === undefined)) return { accessToken }
    if (accessToken === undefined && clientId !== undefined && clientSecret !== undefined) {
      return refreshToken === undefined ? { clientId, clientSecret } : { clientId, clientSecret, refreshToken }
    }
    const message = 'must be either accessToken, or clientId with clientSecret and, for an expiring token, refreshToken'
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })

  const shopify = mapping({
    ...shared('shopify'),
    id: idPart('a domain such as demo.myshopify.com', (text) =>
      /^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)+$/i.test(text) ? canonicalStoreId('shopify', text) : undefined,
    ),
    api: mapping({ url: apiUrl.exactOptional(), version: apiVersion.exactOptional() }).exactOptional(),
    credentials: shopifyCredentials.exactOptional(),
  }).transform((store) => ({ ...store, api: { url: `https://${store.id}`, ...store.api } }))

  const woocommerce = mapping({
    ...shared('woocommerce'),
    id: idPart('the URL of the site', (text) => httpUrl(canonicalStoreId('woocommerce', text))),
    api: mapping({ url: apiUrl.exactOptional(), version: apiVersion.exactOptional() }).exactOptional(),
    credentials: mapping({
      consumerKey: secretOf('woocommerce'),
      consumerSecret: secretOf('woocommerce'),
    }).exactOptional(),
  }).transform((store) => ({ ...store, api: { url: store.id, ...store.api } }))

  const magentoCredentials = mapping({
    accessToken: secretOf('magento'),
    consumerKey: secretOf('magento').exactOptional(),
    consumerSecret: secretOf('magento').exactOptional(),
    accessTokenSecret: secretOf('magento').exactOptional(),
  }).transform(({ accessToken, consumerKey, consumerSecret, accessTokenSecret }, context) => {
    const oauth = [consumerKey, consumerSecret, accessTokenSecret]
    if (oauth.every((part) => part === undefined)) return { accessToken }
    if (consumerKey !== undefined && consumerSecret !== undefined && accessTokenSecret !== undefined) {
      return { consumerKey, consumerSecret, accessToken, accessTokenSecret }
    }
    const message = 'must be either accessToken alone, or with consumerKey, consumerSecret and accessTokenSecret'
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })

  const magento = mapping({
    ...shared('magento'),
    id: idPart('the store code, or a name of yours when two installations know the same code'),
    storeCode: idPart('the store code').exactOptional(),
    api: mapping({ url: apiUrl, version: apiVersion.exactOptional() }),
    adobe: mapping({ clientId: anyText('the client id of the Adobe project that sends the events') }).exactOptional(),
    credentials: magentoCredentials.exactOptional(),
  }).transform((store) => ({ ...store, storeCode: store.storeCode ?? store.id }))

  const html = mapping({
    ...shared('html'),
    id: idPart('the key of the store'),
    publishableKey: anyText('the key that browsers use'),
    allowedOrigins: listOf(origin, 'origins such as https://www.example.com'),
    credentials: mapping({ secretKey: secretOf('html') }).exactOptional(),
  })

  const store = z
    .discriminatedUnion('platform', [shopify, woocommerce, magento, html], { error: aboutPlatform })
    .transform((parsed) => (reads(parsed.platform) ? parsed : withoutSecrets(parsed)))

  const merchant = mapping({
    id: idPart('the id of the merchant'),
    name: anyText('a name').exactOptional(),
    stores: listOf(store, 'stores'),
  })
  return mapping({ merchants: listOf(merchant, 'merchants') })
}

const apiUrl = value('an http(s) URL without query', httpUrl)
const apiVersion = value('a version such as 2026-10', (text) => (/^[\w.-]{1,32}$/.test(text) ? text : undefined))

/** Answers every name, so that only the form of a reference is checked. */
const anything: Readonly<Record<string, string>> = new Proxy<Record<string, string>>(
  {},
  { get: (_, name) => (String(name).endsWith('_FILE') ? undefined : 'not read') },
)

function withoutSecrets<T extends { webhookSecrets?: unknown; credentials?: unknown }>(store: T): T {
  const { webhookSecrets: _, credentials: __, ...rest } = store
  return rest as T
}

const aboutPlatform = (issue: { readonly input?: unknown }): string => {
  const { input } = issue
  if (typeof input !== 'object' || input === null) return 'is something else; expected a mapping that describes a store'
  const platform = 'platform' in input ? input.platform : undefined
  if (typeof platform !== 'string') return `is missing; expected one of ${platforms.join(', ')}`
  return `is ${JSON.stringify(platform.slice(0, 40))}${suggestion(platform, platforms)}`
}
