import { topicsInfo } from '@varai/kafka'
import { agrees, compareWithTruth, deliver } from '@varai/simulator'
import type { Check } from '../runner.ts'
import type { SystemContext } from '../system/open-system.ts'
import { shopOf, stores } from './stores.ts'

/** SIGTERM while webhooks pour in: ingest first, then sync-core. */
export const stoppedUnderLoad: Check<SystemContext> = {
  title: 'SIGTERM under load: exit 0 in under 10 s, nothing lost, offsets committed',
  async run({ short, system, db, kafka, webhookUrl, settled, metric }) {
    const deliveries = short ? 300 : 3_000
    const shop = shopOf(stores.load, deliveries)
    const reached = createThresholds()
    const report = deliver(shop.deliveries(), {
      url: () => {
        reached.count()
        return webhookUrl()
      },
      shuffle: { window: 100 },
      concurrency: 32,
    })
    const stop = async (name: 'ingest-shopify' | 'sync-core') => {
      const began = performance.now()
      const exit = await system.service(name).stop()
      return { name, code: exit.code, seconds: (performance.now() - began) / 1000 }
    }
    await reached.at(deliveries / 3)
    const ingest = await stop('ingest-shopify')
    await system.service('ingest-shopify').restart()
    await reached.at((deliveries * 2) / 3)
    const syncCore = await stop('sync-core')
    const sending = await report
    // Nothing consumes now: what is not committed is what must be handled after the restart, no more and no less.
    const left = await uncommitted(kafka)
    await system.service('sync-core').restart()
    await settled()
    const handled = await metric('sync-core', 'varai_sync_core_consumed_records_total')
    const comparison = await compareWithTruth(db, shop.truth())
    const clean = [ingest, syncCore].every(({ code, seconds }) => code === 0 && seconds < 10)
    return {
      holds: clean && sending.ended === 'done' && agrees(comparison) && handled === left,
      figures: [
        ...[ingest, syncCore].map(({ name, code, seconds }) => `${name}: exit ${code} after ${seconds.toFixed(2)} s`),
        `${sending.accepted} of ${sending.deliveries} deliveries accepted, ${sending.retries} retries, answers ${JSON.stringify(sending.byStatus)}`,
        `${left} records not committed at the stop, ${handled} handled after it`,
        `${comparison.agreeing} of ${comparison.checked} documents equal the truth`,
      ],
    }
  },
}

async function uncommitted(kafka: SystemContext['kafka']): Promise<number> {
  const groups = (await topicsInfo(kafka)).flatMap((topic) => topic.groups)
  return groups.filter(({ group }) => group.startsWith('sync-core.')).reduce((sum, { lag }) => sum + lag, 0)
}

/** Lets one part wait until another has counted so far. */
function createThresholds() {
  let reached = 0
  const waiting: { at: number; go: () => void }[] = []
  return {
    count() {
      reached += 1
      for (const { at, go } of waiting) if (reached >= at) go()
    },
    at: (count: number) => new Promise<void>((go) => (reached >= count ? go() : waiting.push({ at: count, go }))),
  }
}
