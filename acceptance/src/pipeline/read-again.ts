import { createHash } from 'node:crypto'
import { resetGroup, topicsInfo } from '@varai/kafka'
import { laneGroup, lanes, laneTopic } from '@varai/schemas'
import { BSON, type Db } from 'mongodb'
import type { Check } from '../runner.ts'
import type { SystemContext } from '../system/open-system.ts'

const collections = ['orders', 'customers', 'products', 'inventory', 'stores', 'users', 'catalog'] as const

/** All lanes again from the first record: nothing may change, not even a version. */
export const readAgain: Check<SystemContext> = {
  title: 'a second run of all lanes from offset 0 changes nothing',
  async run({ system, kafka, db, settled, metric }) {
    const before = await fingerprints(db)
    await system.service('sync-core').stop()
    for (const lane of lanes) await resetGroup(kafka, laneGroup('sync-core', lane), [laneTopic(lane)], 'earliest')
    await system.service('sync-core').restart()
    await settled()
    const after = await fingerprints(db)
    const changed = [...before].filter(([id, print]) => after.get(id) !== print).map(([id]) => id)
    const added = [...after.keys()].filter((id) => !before.has(id))
    const handled = await metric('sync-core', 'varai_sync_core_consumed_records_total')
    const inLanes = await recordsInLanes(kafka)
    return {
      holds: changed.length === 0 && added.length === 0 && before.size > 0 && handled >= inLanes,
      figures: [
        `${handled} records handled again (${inLanes} in the lanes)`,
        `${before.size} documents before, ${after.size} after; ${changed.length} changed, ${added.length} added`,
        ...changed.slice(0, 3),
      ],
    }
  },
}

async function recordsInLanes(kafka: SystemContext['kafka']): Promise<number> {
  const names = lanes.map(laneTopic)
  const topics = (await topicsInfo(kafka)).filter(({ name }) => names.includes(name))
  return topics
    .flatMap(({ partitions }) => partitions)
    .reduce((sum, { earliest, latest }) => sum + Number(latest - earliest), 0)
}

/**
 * A hash of each whole document, bookkeeping included. Without the changes that a killed process left in it to be told:
 * whoever comes by tells them, and takes them out.
 */
async function fingerprints(db: Db): Promise<Map<string, string>> {
  const prints = new Map<string, string>()
  for (const name of collections) {
    for await (const document of db.collection(name).find({}, { projection: { pending: 0 } })) {
      prints.set(`${name} ${document._id}`, createHash('sha256').update(BSON.serialize(document)).digest('hex'))
    }
  }
  return prints
}
