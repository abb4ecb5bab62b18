import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Sendable } from '../deliver.ts'
import { createRandom } from '../random.ts'
import type { MagentoShop } from './create-magento-shop.ts'
import { isDecimal, type MagentoDocument, type MagentoJson, objectOf, stockOf } from './documents.ts'
import type { JournalEntry } from './journal.ts'

/** A key pair that signs events, and below which path its public half is published. */
export type AdobeKey = { readonly privateKey: KeyObject; readonly publicPem: string; readonly path: string }

/** Adobe's own keys, two of them. Each call makes new ones. */
export function createAdobeKeys(): readonly [AdobeKey, AdobeKey] {
  const make = (): AdobeKey => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const hex = createHash('sha256').update(publicPem).digest('hex')
    const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
    return { privateKey, publicPem, path: `/prod/keys/pub-key-${uuid}.pem` }
  }
  return [make(), make()]
}

export type AdobeKeyServer = {
  /** Without a slash at its end. */
  readonly url: string
  /** Paths that were asked for, in order. */
  readonly requests: readonly string[]
  close(): Promise<void>
}

/** Publishes keys as Adobe's static server does. Rejects when the port is taken. */
export async function startAdobeKeyServer(keys: readonly AdobeKey[], port = 0): Promise<AdobeKeyServer> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    requests.push(path)
    const key = keys.find((each) => each.path === path)
    response.writeHead(key === undefined ? 403 : 200, { 'content-type': 'application/x-pem-file' })
    response.end(key?.publicPem)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the key server has no address')
  return {
    ...{ url: `http://127.0.0.1:${address.port}`, requests },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

export type AdobeEvent = { readonly [name: string]: MagentoJson } & { readonly event_id: string }

/** What Adobe Commerce tells of a shop's life, in order: models as they lie in the database, wrapped as CloudEvents. */
export function adobeEvents(
  { storeId, journal }: Pick<MagentoShop, 'storeId' | 'journal'>,
  options: { readonly seed: string; readonly clientId: string },
): AdobeEvent[] {
  const random = createRandom(`${options.seed}|${storeId}|adobe`)
  return journal.map((entry) => {
    const id = random.uuid()
    return {
      specversion: '1.0',
      id: random.uuid(),
      source: 'urn:uuid:fb58963f-d2e7-4ab4-83da-b6ff15b8ebc0',
      type: `com.adobe.commerce.observer.${eventOf(entry)}`,
      datacontenttype: 'application/json',
      time: new Date(entry.at + 400).toISOString(),
      ...{ eventid: id, event_id: id },
      ...{ recipient_client_id: options.clientId, recipientclientid: options.clientId },
      data: {
        key: random.uuid(),
        value: modelOf(entry),
        source: 'shop.production',
        _metadata: { commerceVersion: '2.4.8', storeId: '1', websiteId: '1', storeGroupId: '1' },
      },
    }
  })
}

/** One event, or several at once as a list, as Adobe posts them. */
export function adobeDelivery(events: readonly AdobeEvent[], keys: readonly [AdobeKey, AdobeKey]): Sendable {
  const [only, ...others] = events
  const body = Buffer.from(JSON.stringify(others.length === 0 ? only : events))
  const signed = keys.flatMap(({ privateKey, path }, at): [string, string][] => [
    [`x-adobe-digital-signature-${at + 1}`, sign('RSA-SHA256', body, privateKey).toString('base64')],
    [`x-adobe-public-key${at + 1}-path`, path],
  ])
  return { body, headers: { 'content-type': 'application/json', ...Object.fromEntries(signed) } }
}

const models = { orders: 'sales_order', customers: 'customer', products: 'catalog_product' } as const

function eventOf({ what, entity }: JournalEntry): string {
  if (what === 'stock') return 'cataloginventory_stock_item_save_commit_after'
  return `${models[entity]}_${what === 'deleted' ? 'delete' : 'save'}_commit_after`
}

/** A model as its resource has it: all is text, attributes stand beside its columns. */
function modelOf({ what, entity, document }: JournalEntry): MagentoDocument {
  if (what === 'stock') return asTexts(stockOf(document))
  const { custom_attributes, extension_attributes, media_gallery_entries: _, id, ...columns } = document
  const attributes = (Array.isArray(custom_attributes) ? custom_attributes : []).flatMap(
    (each): [string, MagentoJson][] => {
      const { attribute_code: code, value } = objectOf(each)
      return typeof code === 'string' && value !== undefined
        ? [[code, Array.isArray(value) ? value.join(',') : value]]
        : []
    },
  )
  const { shipping_assignments, is_subscribed, ...more } = objectOf(extension_attributes)
  const [assignment] = Array.isArray(shipping_assignments) ? shipping_assignments : []
  const shipping = objectOf(objectOf(assignment)['shipping'])
  return asTexts({
    ...columns,
    ...(id !== undefined && { entity_id: id }),
    ...Object.fromEntries(attributes),
    ...(entity === 'orders' && {
      ...more,
      addresses: [columns['billing_address'] ?? null, shipping['address'] ?? null],
      shipping_method: shipping['method'] ?? null,
    }),
    ...(is_subscribed !== undefined && { is_subscribed }),
  })
}

const asTexts = (document: MagentoDocument): MagentoDocument =>
  Object.fromEntries(Object.entries(document).map(([name, value]) => [name, asText(name, value)]))

function asText(name: string, value: MagentoJson): MagentoJson {
  if (typeof value === 'number') return isDecimal(name) ? value.toFixed(6) : String(value)
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (Array.isArray(value)) return value.map((each) => asText('', each))
  return value !== null && typeof value === 'object' ? asTexts(value) : value
}
