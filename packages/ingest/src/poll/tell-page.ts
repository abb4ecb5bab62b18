import { createHash } from 'node:crypto'
import { TooLarge, Unencodable } from '@varai/kafka'
import { errorText, type Logger } from '@varai/runtime'
import { stringify } from 'lossless-json'
import type { KeptDelivery } from '../keep-delivery.ts'
import { describeFailure, type OutgoingEvent, type StoreFacts } from '../pure/index.ts'
import { toPolledEvents } from '../pure/to-polled-events.ts'
import type { PollEntry, PollPage } from './poll-kind.ts'
import type { PollState } from './poll-state.ts'

export type TellPorts = {
  /** Resolves when Kafka has the event. */
  readonly publish: (event: OutgoingEvent, store: StoreFacts) => Promise<void>
  /** Resolves when the dead letters have the document. */
  readonly keep: (kept: KeptDelivery) => Promise<void>
  readonly log: Logger
}

/** How many entries became what. */
export type Told = { readonly published: number; readonly kept: number; readonly unchanged: number }

/**
 * Publishes what a page states, but for entries that were told just so before. Resolves when Kafka has all of it, what
 * can never become an event in the dead letters; rejects when something is away, and the page is to be told again.
 */
export function createTellPage(ports: TellPorts) {
  const { publish, keep, log } = ports

  async function tell(of: TellOf, entry: PollEntry, text: string): Promise<'published' | 'kept'> {
    const { store, kind, answeredAt } = of
    const facts = { store, kind, id: entry.id, answeredAt }
    const { translation } = entry
    const events = translation.ok ? toPolledEvents(translation.value, facts) : translation
    if (!events.ok) return keepEntry(of, entry, text, events.failures.map(describeFailure))
    const outcomes = await Promise.allSettled(events.value.map((event) => publish(event, store)))
    const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    if (errors.length === 0) return 'published'
    const hopeless = errors.every((error) => error instanceof TooLarge || error instanceof Unencodable)
    if (!hopeless) throw errors[0]
    return keepEntry(of, entry, text, errors.map(errorText))
  }

  async function keepEntry(of: TellOf, entry: PollEntry, text: string, reasons: readonly string[]): Promise<'kept'> {
    const { store, kind, answeredAt } = of
    const deliveryId = `polled:${kind}:${entry.id}:${digestOf(text)}`
    const facts = { store, deliveryId, origin: 'poll' as const, receivedAt: answeredAt }
    await keep({ facts, topic: `poll.${kind}`, rawBody: Buffer.from(text), reasons })
    log.warn({ store: store.id, kind, id: entry.id, reasons }, 'poll.kept')
    return 'kept'
  }

  return async function tellPage(
    of: Omit<TellOf, 'answeredAt'>,
    { entries, answeredAt }: PollPage,
    told: PollState['told'],
  ): Promise<Told & { readonly told: PollState['told'] }> {
    const known = new Map(told.map(([id, , digest]) => [id, digest]))
    const read = entries.map((entry) => {
      const text = stringify(entry.document) ?? ''
      return { entry, text, digest: digestOf(text) }
    })
    const news = read.filter(({ entry, digest }) => entry.at === undefined || known.get(entry.id) !== digest)
    const outcomes = await Promise.all(news.map(({ entry, text }) => tell({ ...of, answeredAt }, entry, text)))
    const kept = outcomes.filter((outcome) => outcome === 'kept').length
    return {
      ...{ published: news.length - kept, kept, unchanged: entries.length - news.length },
      told: news.flatMap(({ entry, digest }) => (entry.at === undefined ? [] : [[entry.id, entry.at, digest]])),
    }
  }
}

type TellOf = { readonly store: StoreFacts; readonly kind: string; readonly answeredAt: number }

const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 12)
