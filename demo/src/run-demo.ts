import type { KafkaConnection } from '@varai/kafka'
import {
  agrees,
  type Comparison,
  compareWithTruth,
  type DeliverReport,
  deliver,
  mergeTruths,
  type Sendable,
  type Truth,
} from '@varai/simulator'
import { MongoClient } from 'mongodb'
import type { Shops } from './open-shops.ts'
import { polled } from './polled.ts'
import { spoolEmpty } from './spool-empty.ts'
import type { System } from './start-system.ts'
import { workedOff } from './worked-off.ts'

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
  { shopify, woocommerce, magento, notes }: Shops,
  { signal, sent }: { signal: AbortSignal; sent: (count: number) => void },
): Promise<DemoResult> {
  const mixed = { repeat: [1, 3], shuffle: { window: 200 }, signal } as const
  const url = (platform: 'shopify' | 'woocommerce' | 'magento') => system.service(`ingest-${platform}`).url
  const reports = {
    Shopify: deliver(counted(shopify.deliveries(), sent), {
      url: () => `${url('shopify')}/webhooks/shopify`,
      ...{ ...mixed, concurrency: 32 },
    }),
    WooCommerce: deliver(woocommerce?.deliveries ?? [], {
      url: () => `${url('woocommerce')}/webhooks/woocommerce`,
      // WooCommerce sends nothing a second time because of what it was answered.
      ...{ ...mixed, concurrency: 4, retryOnFailure: false },
    }),
    Magento: deliver(magento?.deliveries ?? [], {
      url: () => `${url('magento')}/webhooks/magento/module`,
      ...{ ...mixed, concurrency: 4 },
    }),
  }
  const ended = Object.fromEntries(
    await Promise.all(Object.entries(reports).map(async ([name, report]) => [name, await report] as const)),
  )
  if (magento !== undefined) await polled(url('magento'), magento.shop.storeId, signal)
  const began = performance.now()
  await spoolEmpty(url('woocommerce'), signal)
  await workedOff(kafka, 'sync-core', signal)
  const behindSeconds = (performance.now() - began) / 1000
  const others = [woocommerce, magento?.shop].flatMap((shop) => (shop === undefined ? [] : [shop.truth()]))
  const comparison = await compare(system, mergeTruths(shopify.truth(), ...others))
  const agreeing = agrees(comparison) && Object.values(ended).every((report) => report.ended === 'done')
  return { reports: ended, notes, comparison, agreeing, behindSeconds }
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
