import { checkFixtures } from '../fixtures/check-fixtures.ts'
import { expectedAnswers, expectedWebhooks } from '../fixtures/expected.ts'
import type { Check } from '../runner.ts'
import type { SystemContext } from '../system/open-system.ts'
import { stores } from './stores.ts'

/** Every webhook that others wrote down. */
export const fixtures: Check<SystemContext> = {
  title: 'webhooks written by others: file, outcome, exact ids, never a 5xx',
  run: (context) => checkFixtures(context, stores.fixtures, expectedWebhooks),
}

/** What looks like Shopify's JSON and is not a delivery. */
export const apiAnswers: Check<SystemContext> = {
  title: 'answers of the Admin API, signed and posted as if they were webhooks: kept with the reason, never a 5xx',
  run: (context) => checkFixtures(context, stores.fixtures, expectedAnswers),
}
