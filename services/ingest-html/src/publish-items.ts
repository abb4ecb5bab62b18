import { type EventPorts, keepDelivery, publishEvent } from '@varai/ingest'
import { describeFailure, type OutgoingEvent } from '@varai/ingest/pure'
import { type Publisher, QueueFull, TooLarge, Unencodable } from '@varai/kafka'
import { errorText, type Logger } from '@varai/runtime'
import type { Vault } from '@varai/vault'
import { stringify } from 'lossless-json'
import type { ApiMetrics } from './api-metrics.ts'
import { hashOf } from './hash-of.ts'
import { aboutOf } from './pure/api-events.ts'
import type { GivenItem } from './pure/read-batch.ts'
import { eventIn, idIn, readItem } from './pure/read-item.ts'
import type { Item } from './pure/shape/item-shape.ts'
import { type Received, toItemEvents } from './pure/to-events.ts'

export type ItemResult =
  | { readonly id?: string | undefined; readonly status: 'accepted' }
  | { readonly id?: string | undefined; readonly status: 'rejected'; readonly reasons: readonly string[] }

export type Published =
  /** Kafka has all that could be taken; of a server's, the dead letters have the rest, sealed. */
  | { readonly kind: 'done'; readonly results: readonly ItemResult[] }
  /** Some of it may be in Kafka; sent again, it is the same events. */
  | { readonly kind: 'overloaded' }
  | { readonly kind: 'unavailable' }

export type PublishPorts = EventPorts & {
  readonly publisher: Pick<Publisher, 'publish' | 'publishRaw'>
  readonly vault: Pick<Vault, 'sealRaw' | 'setAside' | 'subjectRef'>
  readonly metrics: ApiMetrics
  readonly log: Logger
  /** Who keeps what it cannot use, in the dead letters. */
  readonly service: string
}

export type PublishItems = (items: readonly GivenItem[], received: Received) => Promise<Published>

type Understood = {
  readonly item: GivenItem
  readonly events: readonly OutgoingEvent[]
  readonly reasons: readonly string[]
}

/** read and sanitise → publish, or keep what can never be published. Never rejects. */
export function createPublishItems(ports: PublishPorts): PublishItems {
  const { vault, log, metrics, service } = ports

  /** Whose consent an event tells: never by an e-mail in the clear. */
  async function personOf({ event, sessionId, data }: Item, { store }: Received): Promise<string | undefined> {
    if (aboutOf(event) !== 'person') return undefined
    const of = { merchantId: store.merchantId, platform: store.platform, storeId: store.id }
    const { customerId, email } = data
    if (typeof customerId === 'string') return vault.subjectRef(of, { is: 'customer', id: customerId })
    if (typeof email === 'string') return vault.subjectRef(of, { is: 'guest', email })
    return `session:${sessionId}`
  }

  async function understand(item: GivenItem, received: Received): Promise<Understood> {
    const read = readItem(item.given, received.speaker)
    if (!read.ok) return { item, events: [], reasons: read.failures.map(describeFailure) }
    const events = toItemEvents(read.value, received, await personOf(read.value, received))
    return events.ok
      ? { item, events: events.value, reasons: [] }
      : { item, events: [], reasons: events.failures.map(describeFailure) }
  }

  /** Resolves with why it can never be published, or with nothing; rejects when it can be later. */
  async function publish({ events, reasons }: Understood, { store }: Received): Promise<readonly string[]> {
    const outcomes = await Promise.allSettled(events.map((event) => publishEvent(ports, store.platform, event)))
    const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
    const passing = errors.find((error) => !(error instanceof TooLarge || error instanceof Unencodable))
    if (passing !== undefined) throw passing
    return [...reasons, ...errors.map(errorText)]
  }

  async function keep({ item }: Understood, reasons: readonly string[], received: Received): Promise<void> {
    const rawBody = Buffer.from(stringify(item.exact) ?? '')
    const deliveryId = `server:${hashOf(rawBody)}`
    const facts = { store: received.store, deliveryId, origin: 'api', receivedAt: received.receivedAt } as const
    await keepDelivery(ports, service, { facts, topic: eventIn(item.given) ?? 'unknown', rawBody, reasons })
  }

  async function settle(understood: Understood, received: Received): Promise<ItemResult> {
    const reasons = await publish(understood, received)
    const rejected = reasons.length > 0
    if (rejected && received.speaker === 'server') await keep(understood, reasons, received)
    const { given } = understood.item
    metrics.item({ speaker: received.speaker, event: eventIn(given), outcome: rejected ? 'rejected' : 'accepted' })
    const id = idIn(given)
    return rejected ? { id, status: 'rejected', reasons } : { id, status: 'accepted' }
  }

  return async (items, received) => {
    try {
      // All are understood before the first is published: what one key says reaches Kafka in the batch's order.
      const understood = onlyOnce(await Promise.all(items.map((item) => understand(item, received))))
      const outcomes = await Promise.allSettled(understood.map((each) => settle(each, received)))
      const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
      if (errors.length > 0) return failed(errors)
      const results = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
      const rejected = results.filter(({ status }) => status === 'rejected').length
      if (rejected > 0) log.warn({ store: received.store.id, speaker: received.speaker, rejected }, 'items.rejected')
      return { kind: 'done', results }
    } catch (error) {
      return failed([error])
    }
  }

  function failed(errors: readonly unknown[]): Published {
    if (errors.some((error) => error instanceof QueueFull)) return { kind: 'overloaded' }
    log.warn({ err: errors[0] }, 'items.unavailable')
    return { kind: 'unavailable' }
  }
}

/** One id is one event: of two in one batch nobody could say which. */
function onlyOnce(all: readonly Understood[]): Understood[] {
  const seen = new Set<string>()
  return all.map((each) => {
    const id = idIn(each.item.given)
    if (id === undefined || !seen.has(id)) {
      if (id !== undefined) seen.add(id)
      return each
    }
    return { ...each, events: [], reasons: ['id: stands twice in this batch'] }
  })
}
