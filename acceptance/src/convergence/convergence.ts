import type { List } from '../runner.ts'
import { openSystem, type SystemContext } from '../system/open-system.ts'
import { kills } from './kills.ts'
import { emailChanges, firstDeliveries } from './one-customer.ts'
import { crashesByName, properties, realDatabase } from './properties.ts'
import { readAgain } from './read-again.ts'
import { storesText } from './stores.ts'

/** The heart: whatever the order, the repetition and the crashes, the same documents, and all of it told. */
export const convergence: List<SystemContext> = {
  name: 'convergence',
  open: ({ short }) =>
    openSystem({
      ...{ short, stores: storesText() },
      services: ['sync-core', 'conflicts', 'ingest-shopify', 'ingest-woocommerce', 'ingest-magento', 'ingest-html'],
    }),
  checks: [firstDeliveries, emailChanges, kills, readAgain, properties, realDatabase, crashesByName],
}
