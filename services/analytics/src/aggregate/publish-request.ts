import type { Publisher } from '@varai/kafka'
import { type AggregationRequested, type Draft, eventKey, laneTopic } from '@varai/schemas'

/** Puts requests into the low lane. */
export const createPublishRequest =
  (publisher: Pick<Publisher, 'publish'>) =>
  (value: Draft<AggregationRequested>): Promise<void> =>
    publisher.publish({ topic: laneTopic('low'), key: eventKey(value), record: 'AggregationRequested', value })
