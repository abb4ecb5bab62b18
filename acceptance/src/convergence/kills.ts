import { join } from 'node:path'
import { root } from '@varai/demo/system'
import { type Service, startService } from '@varai/dev-stack'
import { createShop, deliver } from '@varai/simulator'
import { waitUntil } from '@varai/testkit'
import type { Check } from '../runner.ts'
import type { SystemContext } from '../system/open-system.ts'
import { createErasing } from './erasing.ts'
import { besieged } from './stores.ts'
import { compareTold, readTold } from './told.ts'

/** A killed member is missed for as long as its session lasts; only then is its work anybody else's. */
const patienceMs = 120_000

/**
 * Two processes of sync-core under load, killed in turn while they work, while people have themselves erased. Afterwards whoever followed the changes has
 * what lies in the database, and nothing is left to be told.
 */
export const kills: Check<SystemContext> = {
  title:
    'sync-core killed again and again under load, with erasures: the highest version told of each document is what the database has, nothing is pending, nothing erased is left',
  async run(context) {
    const { short, system, db, settled, webhookUrl } = context
    const times = short ? 1 : 20
    const shops = Object.values(besieged).map((store) =>
      // the same people go to both
      createShop({ ...store, seed: 'acceptance besieged', deliveries: short ? 3_000 : 60_000 }),
    )
    const second = await startService({
      name: 'sync-core-2',
      entry: join(root, 'services', 'sync-core', 'src', 'main.ts'),
      env: system.env,
      cwd: root,
      stateDir: join(root, '.varai', 'acceptance'),
    })
    const enough = new AbortController()
    const erasing = createErasing(context, Object.values(besieged))
    try {
      const sending = Promise.all(
        shops.map((shop, nth) =>
          deliver(shop.deliveries(), {
            ...{ url: webhookUrl, repeat: [1, 2], shuffle: { window: 500 }, seed: `kills ${nth}` },
            ...{ rate: short ? 60 : 100, deadline: 40 * 60_000, signal: enough.signal },
          }),
        ),
      )
      const victims = [system.service('sync-core'), second]
      const handled: number[] = []
      for (let time = 0; time < times; time += 1) {
        const victim = victims[time % 2] ?? second
        // on their way when it dies
        await erasing.ask(2)
        handled.push(await killAtWork(victim, 20 + ((time * 37) % 150)))
        await victim.restart()
      }
      enough.abort()
      const reports = await sending
      await settled()
      const documents = db.collection('users')
      const pending = async () =>
        (await documents.countDocuments({ pending: { $exists: true } })) +
        (await db.collection('catalog').countDocuments({ pending: { $exists: true } }))
      // what a process left behind is looked for after half a minute
      await waitUntil(async () => (await pending()) === 0, { what: 'nothing is pending', withinMs: patienceMs })
      const erased = await erasing.finding()
      const told = await readTold(context)
      const { equal, differing, pending: left } = await compareTold(told, context)
      const redirects = await documents.countDocuments({ redirectTo: { $exists: true } })
      const sent = reports.reduce((sum, { accepted }) => sum + accepted, 0)
      return {
        holds:
          differing.length === 0 &&
          left === 0 &&
          handled.length === times &&
          (equal.get('users') ?? 0) > 0 &&
          erased.holds,
        figures: [
          `${sent} deliveries accepted of two shops; ${times} kills, each in the middle of work: ${handled.join(', ')} records handled before it`,
          `${told.records} records told ${told.changes} changes`,
          `equal to the database: ${[...equal].map(([name, count]) => `${count} ${name}`).join(', ')} (${redirects} of the users are redirects); ${differing.length} differ, ${left} changes are pending`,
          ...erased.figures,
          ...differing.slice(0, 3),
        ],
      }
    } finally {
      enough.abort()
      await second.stop()
    }
  },
}

/** Kills it once it has handled so many records since it started; how many it had. */
async function killAtWork(service: Service, records: number): Promise<number> {
  const handled = async () => {
    const answer = await fetch(`${service.url}/metrics`).catch(() => undefined)
    const samples = (await answer?.text())?.matchAll(/^varai_sync_core_consumed_records_total(?:\{[^}]*\})? (\S+)$/gm)
    return [...(samples ?? [])].reduce((sum, [, count]) => sum + Number(count), 0)
  }
  let seen = 0
  await waitUntil(
    async () => {
      seen = await handled()
      return seen >= records
    },
    { what: `${records} records handled by ${service.name}`, withinMs: patienceMs, everyMs: 20 },
  )
  await service.kill('SIGKILL')
  return seen
}
