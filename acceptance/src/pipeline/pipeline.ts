import { storesFile } from '@varai/simulator'
import type { List } from '../runner.ts'
import { openSystem, type SystemContext } from '../system/open-system.ts'
import { cleanClone } from './clean-clone.ts'
import { fixtures } from './fixtures.ts'
import { foreignReader } from './foreign-reader.ts'
import { killedBeforeAck } from './killed-before-ack.ts'
import { readAgain } from './read-again.ts'
import { shuffledWithKills } from './shuffled-with-kills.ts'
import { stoppedUnderLoad } from './stopped-under-load.ts'
import { stores } from './stores.ts'

/** From a signed Shopify webhook to MongoDB, on real Kafka. */
export const pipeline: List<SystemContext> = {
  name: 'pipeline',
  open: ({ short }) =>
    openSystem({
      ...{ short, stores: storesFile(Object.values(stores)) },
      services: ['sync-core', 'ingest-shopify'],
    }),
  checks: [shuffledWithKills, readAgain, killedBeforeAck, fixtures, stoppedUnderLoad, foreignReader, cleanClone],
}
