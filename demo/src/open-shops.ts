import {
  createMagentoShop,
  createShop,
  createWooShop,
  moduleDeliveries,
  startMagentoApi,
  startWooApi,
} from '@varai/simulator'

/** The simulated stores as stores.yaml names them. Same seed, same life: a second run shows that nothing counts twice. */
const demoStore = {
  seed: 'demo',
  merchantId: 'demo',
  storeId: 'demo-optik.myshopify.com',
  secret: 'demo-optik-secret',
  currency: 'EUR',
}
const demoWooStore = {
  seed: 'demo',
  merchantId: 'demo-atelier',
  storeId: 'https://demo-atelier.example',
  secret: 'demo-atelier-secret',
  currency: 'EUR',
}
const demoMagentoStore = { seed: 'demo', merchantId: 'demo-galerie', storeId: 'demo-galerie', currency: 'EUR' }

/** Where stores.yaml says that the APIs of these shops answer, and what opens them. Each fails now and then. */
const demoWooApi = { port: 27_484, consumer: { consumerKey: 'ck_demo', consumerSecret: 'cs_demo' }, failsEvery: 40 }
const demoMagentoApi = {
  port: 27_485,
  access: {
    ...{ consumerKey: 'ck_demo', consumerSecret: 'cs_demo' },
    ...{ accessToken: 'at_demo', accessTokenSecret: 'as_demo' },
  },
  fails: (request: number) => (request % 10 === 0 ? ({ kind: 'status', status: 503 } as const) : undefined),
}
/** Deliveries that one order brings about, with its part of the catalogue and the customers. */
const deliveriesPerOrder = 4

export type Shops = {
  readonly shopify: ReturnType<typeof createShop>
  /** Undefined where another run of the demo has the port of its API: then it is left out. */
  readonly woocommerce: ReturnType<typeof createWooShop> | undefined
  readonly magento: MagentoPart | undefined
  /** What was left out, and why. */
  readonly notes: readonly string[]
  close(): Promise<void>
}

type MagentoPart = {
  readonly shop: ReturnType<typeof createMagentoShop>
  /** Of what happens a quarter is missing: only who asks the shop hears of it. */
  readonly deliveries: ReturnType<typeof moduleDeliveries>
}

/** Opens the simulated shops, before anybody asks them: their lives are over, and their APIs say what came of it. */
export async function openShops(deliveries: number): Promise<Shops> {
  const orders = Math.ceil(deliveries / 5 / deliveriesPerOrder)
  const woo = createWooShop({ ...demoWooStore, orders })
  const magento = createMagentoShop({ ...demoMagentoStore, orders })
  const told = moduleDeliveries(magento, { seed: 'demo', secret: 'demo-galerie-secret', silence: 0.25 })
  const wooApi = await startWooApi({ ...demoWooApi, shop: woo }).catch(taken)
  const magentoApi = await startMagentoApi({ ...demoMagentoApi, shop: magento.view() }).catch(taken)
  const leftOut = (platform: string, port: number, api: object | undefined) =>
    api === undefined ? [`${platform} is left out: port ${port} is taken, where its shop would answer`] : []
  return {
    shopify: createShop({ ...demoStore, deliveries }),
    woocommerce: wooApi && woo,
    magento: magentoApi && { shop: magento, deliveries: told },
    notes: [...leftOut('WooCommerce', demoWooApi.port, wooApi), ...leftOut('Magento', demoMagentoApi.port, magentoApi)],
    async close() {
      await wooApi?.close()
      await magentoApi?.close()
    },
  }
}

function taken(error: unknown): undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
}
