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
import { fetchPause } from '../pure/fetch-pause.ts'
import {
  describeFailure,
  type OutgoingEvent,
  type Statement,
  type StoreFacts,
  type Translation,
  toFetchedEvents,
} from '../pure/index.ts'

/** What came of asking a store for one of its entities. */
export type Asked =
  | {
      readonly kind: 'answered'
      readonly store: StoreFacts
      readonly said: {
        readonly translation: Translation<Statement[]>
        /** When the answer came in, epoch ms. */
        readonly answeredAt: number
      }
    }
  /** The store shows none under this id, and that says nothing. */
  | { readonly kind: 'absent' }
  /** Until a person changes something. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** For now; `retryAfterMs` is 0 where the store names no time. */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly retryAfterMs: number }

/** Asks the store, as it stands in the stores file. Rejects only for what is no matter of this store. */
export type AskStore = (request: RecordOf<'FetchRequested'>) => Promise<Asked>

export type FetchPorts = {
  readonly ask: AskStore
  /** Resolves when Kafka has the event. */
  readonly publish: (event: OutgoingEvent) => Promise<void>
  readonly log: Logger
  readonly now?: () => number
}

/** A second, as platforms stamp what they say, and what clocks of ours differ by. */
const secondIsOverMs = 2_000

/**
 * Carries out requests to read entities: what the store answers is published as its statement. Asking twice is harmless:
 * the same state is the same event. A store that does not answer is asked again later, the others' requests go on.
 *
 * What a store said at one time is asked about when that second is over: until then it may say something else of the
 * same time. Such a question is no more than a precaution, for which nobody is called who is not needed otherwise.
 */
export function createCarryOutFetches({ ask, publish, log, now = Date.now }: FetchPorts) {
  async function carryOut(request: RecordOf<'FetchRequested'>, attempt: number): Promise<Outcome> {
    const isTie = request.reason === 'tie'
    const waitMs = request.requestedAt + secondIsOverMs - now()
    if (isTie && attempt === 0 && waitMs > 0)
      return retryLater(Math.min(waitMs, secondIsOverMs), 'what it is about may go on')
    const asked = await ask(request)
    switch (asked.kind) {
      case 'answered':
        return state(asked, request)
      case 'absent':
        // Deleted, which a delivery of its own says; or hidden from us, which only a person can tell.
        log.info({ store: request.storeId, [request.entityType]: request.entityId }, 'fetch.absent')
        return skipped(`the store shows no such ${request.entityType}`)
      case 'refused':
        if (!isTie) return rejected(asked.reason)
        log.info(
          { store: request.storeId, [request.entityType]: request.entityId, reason: asked.reason },
          'fetch.refused',
        )
        return skipped(asked.reason)
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
