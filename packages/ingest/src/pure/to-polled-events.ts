import { polledEventId } from '@varai/schemas'
import { envelop, type OutgoingEvent } from './to-events.ts'
import type { Statement, StoreFacts, Translation } from './translation.ts'

/** What is known about a document that a store was asked for on a clock. */
export type PolledFacts = {
  readonly store: StoreFacts
  /** What is polled, and the store's id of the document. */
  readonly kind: string
  readonly id: string
  /** When the answer came in, ms: the statements' triggeredAt, so that they settle ties. */
  readonly answeredAt: number
}

/** Puts the envelope around what a store stated in a poll; fails as `toEvents` does. The same state, the same event ids. */
export const toPolledEvents = (
  statements: readonly Statement[],
  { store, kind, id, answeredAt }: PolledFacts,
): Translation<OutgoingEvent[]> =>
  envelop(statements, {
    ...{ store, origin: 'poll', receivedAt: answeredAt, triggeredAt: answeredAt },
    eventId: (index, platformAt) =>
      polledEventId({ source: store.platform, storeId: store.id, kind, entityId: id, platformAt }, index),
  })
