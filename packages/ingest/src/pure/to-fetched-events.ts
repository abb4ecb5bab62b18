import { fetchedEventId } from '@varai/schemas'
import { envelop, type OutgoingEvent } from './to-events.ts'
import type { Statement, StoreFacts, Translation } from './translation.ts'

/** What a store said when it was asked. */
export type FetchedFacts = {
  readonly store: StoreFacts
  /** The event that made us ask. */
  readonly causeEventId: string
  /** When the answer came in, ms: the statements' triggeredAt, so that they settle ties. */
  readonly answeredAt: number
}

/**
 * Puts the envelope around what a store stated when it was asked; fails as `toEvents` does. An answer that says the same
 * state again makes the same event ids, so a request may be carried out any number of times.
 */
export const toFetchedEvents = (
  statements: readonly Statement[],
  { store, causeEventId, answeredAt }: FetchedFacts,
): Translation<OutgoingEvent[]> =>
  envelop(statements, {
    ...{ store, origin: 'api', receivedAt: answeredAt, triggeredAt: answeredAt },
    eventId: (index, platformAt) => fetchedEventId({ causeEventId, platformAt }, index),
  })
