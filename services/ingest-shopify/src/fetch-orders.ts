import { describeFailure, type OutgoingEvent, toFetchedEvents } from '@varai/ingest/pure'
import {
  type DecodedRecord,
  done,
  type Outcome,
  rejected,
  retryLater,
  skipped,
  TooLarge,
  Unencodable,
} from '@varai/kafka'
import type { Logger } from '@varai/runtime'
import type { RecordOf } from '@varai/schemas'
import type { Asked, AskOrder } from './ask-order.ts'
import { fetchPause } from './pure/fetch-pause.ts'

export type FetchPorts = {
  readonly askOrder: AskOrder
  /** Resolves when Kafka has the event. */
  readonly publish: (event: OutgoingEvent) => Promise<void>
  readonly log: Logger
}

/**
 * Carries out requests to read orders: what the store answers is published as its statement. Asking twice is harmless:
 * the same state is the same event. A store that does not answer is asked again later, the others' requests go on.
 */
export function createFetchOrders({ askOrder, publish, log }: FetchPorts) {
  async function carryOut(request: RecordOf<'FetchRequested'>, attempt: number): Promise<Outcome> {
    const { merchantId, storeId, entityType, entityId, reason } = request
    if (entityType !== 'order') return rejected(`cannot read a ${entityType} from the store`)
    const eventName = reason === 'delta' ? 'order_edited' : 'order_updated'
    const asked = await askOrder({ merchantId, storeId, orderId: entityId, eventName })
    switch (asked.kind) {
      case 'answered':
        return state(asked, request)
      case 'absent':
        // Deleted, which a delivery of its own says; or too old for the app's scopes, which only a person can tell.
        log.info({ store: storeId, order: entityId }, 'fetch.absent')
        return skipped('the store shows no such order')
      case 'refused':
        return rejected(asked.reason)
      case 'unavailable':
        return retryLater(fetchPause(attempt, asked.retryAfterMs), asked.reason)
      default:
        return asked satisfies never
    }
  }

  async function state(
    { store, said }: Extract<Asked, { kind: 'answered' }>,
    { causeEventId }: RecordOf<'FetchRequested'>,
  ): Promise<Outcome> {
    const { translation, answeredAt } = said
    const events = translation.ok
      ? toFetchedEvents(translation.value, { store, causeEventId, answeredAt })
      : translation
    if (!events.ok) return rejected(events.failures.map(describeFailure).join('; '))
    try {
      await Promise.all(events.value.map(publish))
      return done
    } catch (error) {
      if (error instanceof TooLarge || error instanceof Unencodable) return rejected(error.message)
      throw error
    }
  }

  return (batch: readonly DecodedRecord[]): Promise<Outcome[]> =>
    Promise.all(
      batch.map((record) =>
        record.record === 'FetchRequested'
          ? carryOut(record.value, record.attempt)
          : rejected(`not a request to read something: ${record.record}`),
      ),
    )
}
