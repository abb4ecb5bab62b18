import { storesFile } from '@varai/simulator'
import type { List } from '../runner.ts'
import { openSystem, type SystemContext } from '../system/open-system.ts'
import { apiAnswers, fixtures } from './fixtures.ts'
import { hostile } from './hostile/hostile.ts'
import { shuffledWithKills } from './shuffled-with-kills.ts'
import { stores } from './stores.ts'

/** Shopify whole: every payload that others wrote down, a shop that misbehaves, and people who mean harm. */
export const shopify: List<SystemContext> = {
  name: 'shopify',
  open: ({ short }) =>
    openSystem({
      ...{ short, stores: storesFile(Object.values(stores)) },
      services: ['sync-core', 'ingest-shopify'],
    }),
  checks: [fixtures, apiAnswers, shuffledWithKills, hostile],
}
