import { agrees, compareWithTruth, deliver } from '@varai/simulator'
import { waitUntil } from '@varai/testkit'
import type { Check } from '../runner.ts'
import type { SystemContext } from '../system/open-system.ts'
import { shopOf, stores } from './stores.ts'

/** Deliveries of the simulated shop, repeated and in any order, while sync-core is killed again and again. */
export const shuffledWithKills: Check<SystemContext> = {
  title: 'deliveries repeated, shuffled, sync-core killed under way: the database equals the truth',
  async run({ short, system, db, webhookUrl, settled, deadLetters }) {
    const deliveries = short ? 400 : 5_000
    const kills = short ? 2 : 5
    const shop = shopOf(stores.kills, deliveries)
    const syncCore = system.service('sync-core')

    let sent = 0
    let killed = 0
    const report = deliver(shop.deliveries(), {
      url: () => {
        sent += 1
        return webhookUrl()
      },
      repeat: [1, 4],
      shuffle: 'total',
      seed: 'kills',
    })
    let over = false
    report.finally(() => (over = true)).catch(() => undefined)
    // At even distances over the expected two and a half sendings of each.
    while (killed < kills) {
      const next = ((killed + 1) * deliveries * 2.3) / (kills + 1)
      await waitUntil(() => sent >= next || over, { what: `${Math.round(next)} sendings`, withinMs: 300_000 })
      await syncCore.kill('SIGKILL')
      killed += 1
      await syncCore.restart()
    }
    const sending = await report
    await settled()
    const comparison = await compareWithTruth(db, shop.truth())
    const letters = await deadLetters()
    const [first] = comparison.differences
    return {
      holds: agrees(comparison) && letters.length === 0 && sending.ended === 'done' && comparison.checked > 0,
      figures: [
        `${deliveries} deliveries, sent ${sending.deliveries} times, answers ${JSON.stringify(sending.byStatus)}; ${killed} kills`,
        `${comparison.agreeing} of ${comparison.checked} documents equal the truth; ${comparison.missing.length} missing, ${comparison.unexpected.length} unexpected, ${comparison.differences.length} differing fields`,
        ...(first === undefined ? [] : [`first difference: ${JSON.stringify(first)}`]),
        `${letters.length} dead letters`,
      ],
    }
  },
}
