import type { List } from '../runner.ts'
import { cleanClone } from './clean-clone.ts'
import { fixtures } from './fixtures.ts'
import { foreignReader } from './foreign-reader.ts'
import { killedBeforeAck } from './killed-before-ack.ts'
import { openSystem, type PipelineContext } from './open-system.ts'
import { readAgain } from './read-again.ts'
import { shuffledWithKills } from './shuffled-with-kills.ts'
import { stoppedUnderLoad } from './stopped-under-load.ts'

/** From a signed Shopify webhook to MongoDB, on real Kafka. */
export const pipeline: List<PipelineContext> = {
  name: 'pipeline',
  open: openSystem,
  checks: [shuffledWithKills, readAgain, killedBeforeAck, fixtures, stoppedUnderLoad, foreignReader, cleanClone],
}
