import type { KafkaConnection } from '@varai/kafka'
import {
  agrees,
  type Comparison,
  compareWithTruth,
  createShop,
  type DeliverReport,
  deliver,
  type Sendable,
} from '@varai/simulator'
import { MongoClient } from 'mongodb'
import type { System } from './start-system.ts'
import { workedOff } from './worked-off.ts'

/** The simulated store as stores.yaml names it. Same seed, same life: a second run shows that nothing counts twice. */
const demoStore = {
  seed: 'demo',
  merchantId: 'demo',
  storeId: 'demo-optik.myshopify.com',
  secret: 'demo-optik-secret',
  currency: 'EUR',
}

export type DemoResult = { report: DeliverReport; comparison: Comparison; agreeing: boolean; behindSeconds: number }

/**
 * Sends the life of the simulated shop through the system, each delivery one to three times and out of order, and
 * compares the database with the shop's own truth once everything is worked off. `sent` is told every delivery.
 */
export async function runDemo(
  system: System,
  kafka: KafkaConnection,
  options: { deliveries: number; signal: AbortSignal; sent: (count: number) => void },
): Promise<DemoResult> {
  const shop = createShop({ ...demoStore, deliveries: options.deliveries })
  const report = await deliver(counted(shop.deliveries(), options.sent), {
    url: () => `${system.service('ingest-shopify').url}/webhooks/shopify`,
    repeat: [1, 3],
    shuffle: { window: 200 },
    concurrency: 32,
    signal: options.signal,
  })
  const began = performance.now()
  await workedOff(kafka, 'sync-core', options.signal)
  const behindSeconds = (performance.now() - began) / 1000
  const { mongo } = system.stack.addresses
  const client = new MongoClient(mongo.url)
  try {
    const comparison = await compareWithTruth(client.db(mongo.database), shop.truth())
    return { report, comparison, agreeing: agrees(comparison) && report.ended === 'done', behindSeconds }
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
