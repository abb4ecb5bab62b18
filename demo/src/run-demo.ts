import type { KafkaConnection } from '@varai/kafka'
import {
  agrees,
  type Comparison,
  compareWithTruth,
  createShop,
  createWooShop,
  type DeliverReport,
  deliver,
  mergeTruths,
  type Sendable,
  startWooApi,
  type Truth,
} from '@varai/simulator'
import { MongoClient } from 'mongodb'
import { spoolEmpty } from './spool-empty.ts'
import type { System } from './start-system.ts'
import { workedOff } from './worked-off.ts'

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
/** Where stores.yaml says that the API of this shop answers, and what opens it. */
const demoWooApi = { port: 27_484, consumer: { consumerKey: 'ck_demo', consumerSecret: 'cs_demo' }, failsEvery: 40 }
/** Deliveries that one order brings about, with its part of the catalogue and the customers. */
const deliveriesPerOrder = 4

export type DemoResult = {
  /** By platform. */
  reports: Readonly<Record<string, DeliverReport>>
  /** What was left out, and why. */
  notes: readonly string[]
  comparison: Comparison
  agreeing: boolean
  behindSeconds: number
}

/**
 * Sends the life of the simulated shops through the system, each delivery one to three times and out of order, and
 * compares the database with the shops' own truth once everything is worked off. `sent` is told every delivery.
 */
export async function runDemo(
  system: System,
  kafka: KafkaConnection,
  options: { deliveries: number; signal: AbortSignal; sent: (count: number) => void },
): Promise<DemoResult> {
  const shop = createShop({ ...demoStore, deliveries: options.deliveries })
  const wooShop = createWooShop({ ...demoWooStore, orders: Math.ceil(options.deliveries / 5 / deliveriesPerOrder) })
  const api = await startWooApi({ ...demoWooApi, shop: wooShop }).catch(leftOut)
  const mixed = { repeat: [1, 3], shuffle: { window: 200 }, signal: options.signal } as const
  try {
    const [report, wooReport] = await Promise.all([
      deliver(counted(shop.deliveries(), options.sent), {
        url: () => `${system.service('ingest-shopify').url}/webhooks/shopify`,
        ...{ ...mixed, concurrency: 32 },
      }),
      deliver(api ? wooShop.deliveries : [], {
        url: () => `${system.service('ingest-woocommerce').url}/webhooks/woocommerce`,
        // WooCommerce sends nothing a second time because of what it was answered.
        ...{ ...mixed, concurrency: 4, retryOnFailure: false },
      }),
    ])
    const began = performance.now()
    await spoolEmpty(system.service('ingest-woocommerce').url, options.signal)
    await workedOff(kafka, 'sync-core', options.signal)
    const behindSeconds = (performance.now() - began) / 1000
    const comparison = await compare(system, api ? mergeTruths(shop.truth(), wooShop.truth()) : shop.truth())
    const reports = [report, wooReport]
    const notes = api ? [] : [`WooCommerce is left out: port ${demoWooApi.port} is taken, where its shop would answer`]
    const agreeing = agrees(comparison) && reports.every(({ ended }) => ended === 'done')
    return { reports: { Shopify: report, WooCommerce: wooReport }, notes, comparison, agreeing, behindSeconds }
  } finally {
    await api?.close()
  }
}

/** Another run of the demo on this machine has the shop's port; the stores file names it. */
function leftOut(error: unknown): undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
}

async function compare(system: System, truth: Truth): Promise<Comparison> {
  const { mongo } = system.stack.addresses
  const client = new MongoClient(mongo.url)
  try {
    return await compareWithTruth(client.db(mongo.database), truth)
  } finally {
    await client.close()
  }
}

function* counted(deliveries: Iterable<Sendable>, tell: (count: number) => void): Generator<Sendable> {
  let count = 0
  for (const delivery of deliveries) {
    yield delivery
    count += 1
    tell(count)
  }
}
