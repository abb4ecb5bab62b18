import type { StoreFacts } from '@varai/ingest/pure'
import type { EventName } from '@varai/schemas'

/** What is known of a document beside itself. */
export type Telling = {
  readonly store: Pick<StoreFacts, 'currency'>
  readonly eventName: EventName
  /**
   * Whether the document may hold less than the store knows: an Adobe event has the fields that were subscribed. In any
   * other document what is absent is empty.
   */
  readonly partial?: boolean
}
