import { join } from 'node:path'
import { root } from '@varai/demo/system'
import type { Check } from '../runner.ts'
import type { SystemContext } from '../system/open-system.ts'
import { runTests } from './run-tests.ts'

const folder = 'services/sync-core/src'
/** As openSystem lays it out. */
const stateDir = join(root, '.varai', 'acceptance')

/** What tests of sync-core say for any case, tried often. */
export const properties: Check<SystemContext> = {
  title:
    'properties: any order, repetition, batching, lane and crash; what is parted; whole addresses; what is only stated again',
  run: ({ short }) =>
    runTests({ project: 'unit', file: `${folder}/convergence.test.ts`, runs: short ? 20 : 1_000, stateDir }),
}

export const realDatabase: Check<SystemContext> = {
  title: 'two sync-core processes over the real database, killed between any two steps, end as the model does',
  run: ({ short }) =>
    runTests({ project: 'int', file: `${folder}/convergence.int.test.ts`, runs: short ? 5 : 1_000, stateDir }),
}

export const crashesByName: Check<SystemContext> = {
  title:
    'crashes by name: a user splits and the process dies after the record save; a delayed projection meets a merge',
  run: () =>
    runTests({
      ...{ project: 'int', file: `${folder}/changes/changes.int.test.ts`, stateDir },
      titles: ['dies after the record save of a split', 'a delayed projection meets a newer merge'],
    }),
}
