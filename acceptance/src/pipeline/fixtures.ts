import { checkFixtures } from '../fixtures/check-fixtures.ts'
import { expectedWebhooks } from '../fixtures/expected.ts'
import type { Check } from '../runner.ts'
import type { SystemContext } from '../system/open-system.ts'
import { stores } from './stores.ts'

const files = Object.entries(expectedWebhooks).filter(([file]) =>
  /^(orders|customers|products)\.(create|update|updated|cancelled|delete)\./.test(file),
)

/** Orders, customers and products as others wrote them down. */
export const fixtures: Check<SystemContext> = {
  title: 'payloads written by others: file, outcome, exact ids, never a 5xx',
  run: (context) => checkFixtures(context, stores.fixtures, Object.fromEntries(files)),
}
