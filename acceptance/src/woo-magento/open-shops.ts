import { workedOff } from '@varai/demo/worked-off'
import {
  type AdobeKeyServer,
  createAdobeKeys,
  startAdobeKeyServer,
  startMagentoApi,
  startWooApi,
  type WooShop,
} from '@varai/simulator'
import { fixturesFolder, waitUntil } from '@varai/testkit'
import { openSystem, type SystemContext } from '../system/open-system.ts'
import { magentoFile, magentoRows, wooDocuments } from './read-payloads.ts'
import { createMagentoShelf, createWooShelf, type WooShelf } from './shelf.ts'
import {
  type MagentoStore,
  magentoAccess,
  magentoStores,
  type WooStore,
  wooConsumer,
  wooShopOf,
  wooStores,
} from './stores.ts'

/** The system, and the shops that it asks. */
export type ShopsContext = SystemContext & {
  readonly shops: Shops
  /** Adobe's own keys, and who asked for them. */
  readonly adobe: { readonly keys: ReturnType<typeof createAdobeKeys>; readonly server: AdobeKeyServer }
  /** The addresses of the doors, of this moment. */
  readonly doors: { woo(): string; module(): string; events(storeId: string): string }
  /** As much as the disk of ingest-woocommerce may hold, MiB. */
  readonly spoolMebibytes: number
}

type Shops = {
  readonly told: WooShelf
  readonly lives: WooShelf
  readonly besieged: WooShelf
  readonly inOrder: WooShop
  readonly backwards: WooShop
  readonly shuffled: WooShop
  readonly outage: WooShop & {
    /** From now on its API lists what there is; until then it answers about one entity at a time. */
    letList(): void
  }
}

/** Boots the system with the APIs of all shops and Adobe's server of keys. */
export async function openShops({
  short,
}: {
  short: boolean
}): Promise<{ context: ShopsContext; close(): Promise<void> }> {
  const shopOf = (store: WooStore) => wooShopOf(store, short ? 40 : 400)
  let listsOutage = false
  const letList = () => {
    listsOutage = true
  }
  const outage = { ...wooShopOf(wooStores.outage, short ? 700 : 5_000), letList }
  const shops: Shops = {
    ...{ told: createWooShelf(), lives: createWooShelf(), besieged: createWooShelf(), outage },
    ...{ inOrder: shopOf(wooStores.inOrder), backwards: shopOf(wooStores.backwards) },
    shuffled: shopOf(wooStores.shuffled),
  }
  const keys = createAdobeKeys()
  const closing: (() => Promise<void>)[] = []
  const close = async () => {
    for (const each of closing.splice(0)) await each()
  }
  const opened = <T extends { close(): Promise<void> }>(server: T): T => {
    closing.push(server.close)
    return server
  }
  /** Who does not list is not polled: what its webhooks say is all that comes of it. */
  const wooApi = async (shop: Parameters<typeof startWooApi>[0]['shop'], lists: () => boolean = () => false) => {
    const isListing = (path: string) => !/\/\d+$/.test(path)
    const fails = (_: number, path: string) => (isListing(path) && !lists() ? notNow : undefined)
    return opened(await startWooApi({ shop, consumer: wooConsumer, fails })).url
  }
  try {
    const server = opened(await startAdobeKeyServer(keys))
    const merchants = [
      wooEntry(wooStores.polled, await wooApi(polledWoo(), () => true)),
      wooEntry(wooStores.outage, await wooApi(outage, () => listsOutage)),
      ...(await Promise.all(
        (['told', 'lives', 'besieged', 'inOrder', 'backwards', 'shuffled'] as const).map(async (name) =>
          wooEntry(wooStores[name], await wooApi(shops[name])),
        ),
      )),
      wooEntry(wooStores.other),
      magentoEntry(
        magentoStores.polled,
        opened(await startMagentoApi({ shop: polledMagento(), access: magentoAccess })).url,
      ),
      ...[magentoStores.told, magentoStores.besieged, magentoStores.other].map((store) => magentoEntry(store)),
    ]
    const spoolMebibytes = short ? 1 : 12
    const system = await openSystem({
      short,
      // JSON is YAML.
      stores: JSON.stringify({ merchants }),
      services: ['sync-core', 'ingest-woocommerce', 'ingest-magento'],
      env: {
        ...{ VARAI_ADOBE_KEYS_URL: server.url, VARAI_SPOOL_MIB: String(spoolMebibytes) },
        ...{ VARAI_POLL_EVERY: short ? '3' : '10', VARAI_POLL_OVERLAP: '60' },
        // A shop of thousands is not read whole again while it is still being worked off.
        VARAI_POLL_WHOLE_EVERY: short ? '10' : '60',
      },
    })
    closing.unshift(system.close)
    const url = (name: 'ingest-woocommerce' | 'ingest-magento') => system.context.system.service(name).url
    const context: ShopsContext = {
      ...{ ...system.context, shops, adobe: { keys, server }, spoolMebibytes },
      settled: () => settledWithSpool(system.context),
      doors: {
        woo: () => `${url('ingest-woocommerce')}/webhooks/woocommerce`,
        module: () => `${url('ingest-magento')}/webhooks/magento/module`,
        events: (storeId) => `${url('ingest-magento')}/webhooks/magento/events/${encodeURIComponent(storeId)}`,
      },
    }
    return { context, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** What waits on the disk, or to be asked for, is published before sync-core can be done with it. */
async function settledWithSpool({ kafka, metric, settled }: SystemContext): Promise<void> {
  const empty = async () => (await metric('ingest-woocommerce', spooled)) === 0
  await waitUntil(empty, { what: 'the spool is empty', withinMs: 10 * 60_000, everyMs: 200 })
  await settled()
  // What sync-core did not know it has asked for.
  await workedOff(kafka, 'ingest-woocommerce', AbortSignal.timeout(10 * 60_000))
  await settled()
}

/** How many deliveries wait on the disk. */
const spooled = 'varai_ingest_woocommerce_spooled_deliveries'

const notNow = { kind: 'html', status: 503 } as const
const nowhere = 'http://127.0.0.1:9'

const literals = (secrets: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(secrets).map(([name, literal]) => [name, { literal }]))

const merchantOf = ({ merchantId, platform, storeId, currency, secret }: WooStore | MagentoStore, more: object) => ({
  id: merchantId,
  stores: [{ platform, id: storeId, currency, webhookSecrets: literals({ current: secret }), ...more }],
})

const wooEntry = (store: WooStore, url?: string) =>
  merchantOf(store, {
    api: { url: url ?? nowhere },
    ...(url !== undefined && { credentials: literals(wooConsumer) }),
  })

const magentoEntry = (store: MagentoStore, url?: string) =>
  merchantOf(store, {
    ...{ storeCode: 'default', adobe: { clientId: store.clientId }, api: { url: url ?? nowhere } },
    ...(url !== undefined && { credentials: literals(magentoAccess) }),
  })

/** Lists that others wrote down, as a shop lists them. Nothing where the files are not. */
function polledWoo(): WooShelf {
  const shelf = createWooShelf()
  if (fixturesFolder() === undefined) return shelf
  shelf.put('orders', ...wooDocuments('orders.list.json'))
  shelf.put('customers', ...wooDocuments('customers.list.json'))
  // Their own links say that these variations are of product 22, which no file holds.
  shelf.put('products', ...wooDocuments('product.updated.variable.json').map((each) => ({ ...each, id: 22 })))
  shelf.putVariations(22, ...wooDocuments('product_variations.list.json'))
  return shelf
}

function polledMagento() {
  if (fixturesFolder() === undefined) return createMagentoShelf({ orders: [], customers: [], products: [] })
  return createMagentoShelf({
    orders: magentoRows('order_history.vsf.json'),
    customers: [...magentoRows('rest.customers_search.json'), magentoFile('rest.customer.json')],
    products: [magentoFile('rest.product.configurable.json'), magentoFile('rest.product.grouped.json')],
  })
}
