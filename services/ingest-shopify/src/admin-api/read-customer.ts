import type { Tree } from '../pure/admin-api/tree.ts'
import { ApiUnavailable } from './api-failure.ts'
import { completeLists, goesOn } from './complete-lists.ts'
import { isStill } from './read-order.ts'
import type { SendQuery } from './send-query.ts'

/** The customer with all addresses, as of one `updatedAt`. Rejects with ApiUnavailable where it changes meanwhile. */
export async function wholeCustomer(send: SendQuery, customer: Tree, signal: AbortSignal): Promise<Tree> {
  if (!goesOn('Customer', customer)) return customer
  const complete = await completeLists(send, 'Customer', customer, signal)
  if (await isStill(send, complete, signal)) return complete
  throw new ApiUnavailable('changing', 'a customer changes while it is read', { retryAfterMs: 1_000 })
}
