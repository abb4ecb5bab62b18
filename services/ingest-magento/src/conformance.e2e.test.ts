import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import { conformance, type DoorFacts, type Entity, secrets, type TopicFacts } from '@varai/conformance'
import { afterAll } from 'vitest'
import { adobeEvent, keyPathOf, startTestAdobe } from './test-adobe.ts'

const adobe = await startTestAdobe()
afterAll(() => adobe.close())

const time = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ')
const dates = ({ at }: Entity) => ({ created_at: time(at - 86_400_000), updated_at: time(at) })
const names = ({ name }: Entity) => ({ firstname: name, lastname: name })
const address = (entity: Entity) => ({ ...names(entity), telephone: entity.phone, city: 'Wien', country_id: 'AT' })
const order = (entity: Entity) => ({
  ...{ entity_id: entity.id, increment_id: '1', state: 'processing', status: 'processing', ...dates(entity) },
  ...{ base_currency_code: 'USD', order_currency_code: 'USD', customer_email: entity.email, customer_is_guest: '1' },
  ...{ base_grand_total: entity.amount, grand_total: entity.amount, base_total_due: '28.0000', total_due: '28.0000' },
  billing_address: address(entity),
  items: [{ item_id: entity.id, product_id: '1', name: 'Aviator', sku: 'A', qty_ordered: '2.0000', base_price: '14' }],
})
const paid = (entity: Entity) => ({ ...order(entity), base_total_due: '0.0000', total_due: '0.0000' })
const customer = (entity: Entity) => ({
  ...{ id: entity.id, email: entity.email, ...names(entity), ...dates(entity) },
  addresses: [{ id: 1, ...address(entity), default_billing: true }],
})
const product = (entity: Entity) => ({
  ...{ id: entity.id, sku: 'A', name: 'Aviator', type_id: 'simple', status: 1, price: '12.5000', ...dates(entity) },
})
const stock = ({ id }: Entity) => ({ product_id: id, sku: 'A', qty: '3.0000', is_in_stock: true })

/** Both doors tell of the same documents, in words of their own. */
const topicsNamed = (name: (what: 'order' | 'customer' | 'product' | 'stock', did: 'save' | 'delete') => string) =>
  [
    { topic: name('order', 'save'), document: order, becomes: ['order_updated'], amount: 'total' },
    { topic: name('order', 'save'), document: paid, becomes: ['order_updated', 'payment_completed'] },
    { topic: name('order', 'delete'), document: order, becomes: ['order_deleted'], timeless: true },
    { topic: name('customer', 'save'), document: customer, becomes: ['customer_updated'] },
    { topic: name('product', 'save'), document: product, becomes: ['product_updated'] },
    { topic: name('stock', 'save'), document: stock, becomes: ['inventory_sync'], timeless: true },
  ] satisfies [TopicFacts, ...TopicFacts[]]

const models = {
  order: 'sales_order',
  customer: 'customer',
  product: 'catalog_product',
  stock: 'cataloginventory_stock_item',
}

/** What is wrong with a document under `at`. */
const faulty = (at: string): DoorFacts['faulty'] => ({
  document: ({ email }) => ({ status: email, updated_at: email, grand_total: email }),
  reasons: [`${at}entity_id: is missing`, `${at}updated_at: expected`, `${at}grand_total: expected`],
})

conformance({
  service: 'ingest-magento',
  platform: 'magento',
  main: join(import.meta.dirname, 'main.ts'),
  stores: { own: 'main store/de', other: 'other', unknown: 'nobody' },
  storeEntry: ({ id, webhookSecrets }) => ({
    ...{ platform: 'magento', id, currency: 'USD', api: { url: 'http://127.0.0.1:9' }, webhookSecrets },
    adobe: { clientId: `client of ${id}` },
  }),
  env: () => ({ VARAI_ADOBE_KEYS_URL: adobe.url }),
  doors: [
    {
      name: 'our module',
      deliversAgain: true,
      faulty: faulty(''),
      signatures: ['X-Varai-Signature'],
      required: ['X-Varai-Store', 'X-Varai-Timestamp', 'X-Varai-Event-Id', 'X-Varai-Topic'],
      sign({ deliveries: [{ topic, id, bytes }], signer, storeId, without }) {
        const timestamp = String(Math.floor(Date.now() / 1_000))
        const given = { 'X-Varai-Timestamp': timestamp, 'X-Varai-Event-Id': id, 'X-Varai-Topic': topic }
        const signed = Object.entries(given).map(([name, value]) => (name === without ? '' : value))
        const hmac = createHmac('sha256', secrets[signer])
          .update(`${signed.join('.')}.`)
          .update(bytes)
        const headers = { ...given, 'X-Varai-Store': storeId, 'X-Varai-Signature': `sha256=${hmac.digest('hex')}` }
        return { path: '/webhooks/magento/module', headers, body: bytes }
      },
      topics: topicsNamed((what, did) => `${what}.${did}d`),
    },
    {
      name: 'Adobe I/O Events',
      deliversAgain: true,
      faulty: faulty('data.value.'),
      severalAtOnce: 'each addressed',
      keysElsewhere: true,
      signatures: ['X-Adobe-Digital-Signature-1', 'X-Adobe-Digital-Signature-2'],
      required: [],
      wrap: (value, { topic, entity, signer }) =>
        adobeEvent(value, {
          ...{ type: `com.adobe.commerce.observer.${topic}`, event_id: entity.deliveryId },
          recipient_client_id: `client of ${signer === 'other store' ? 'other' : 'main store/de'}`,
        }),
      sign({ deliveries, signer, storeId }) {
        const [{ bytes }, ...others] = deliveries
        const list = `[${deliveries.map((each) => each.bytes.toString()).join(',')}]`
        const body = others.length === 0 ? bytes : Buffer.from(list)
        // Adobe changes its keys one after the other; a stranger's are not among those that it publishes.
        const [gone, foreign] = [
          { 'x-adobe-public-key1-path': keyPathOf('1') },
          { 'x-adobe-public-key2-path': keyPathOf('2') },
        ]
        const changes = signer === 'previous' ? gone : signer === 'stranger' ? { ...gone, ...foreign } : {}
        const path = `/webhooks/magento/events/${encodeURIComponent(storeId)}`
        return { path, headers: adobe.headers(body, changes), body }
      },
      topics: topicsNamed((what, did) => `${models[what]}_${did}_commit_after`),
    },
  ],
})
