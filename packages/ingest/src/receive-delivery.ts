import { type Publisher, QueueFull, TooLarge, Unencodable } from '@varai/kafka'
import { errorText, type Logger } from '@varai/runtime'
import type { Vault } from '@varai/vault'
import type { Receipt } from './answer.ts'
import type { DeliveryMetrics } from './delivery-metrics.ts'
import type { Door } from './door.ts'
import { handOverRequest } from './hand-over-request.ts'
import { keepDelivery } from './keep-delivery.ts'
import { askForMs, type LookedUp, type LookUp } from './look-up.ts'
import { publishEvent } from './publish-event.ts'
import {
  type DeliveryFacts,
  describeFailure,
  type FetchAsk,
  type JsonLimits,
  type OutgoingEvent,
  type PrivacyAsk,
  parseLossless,
  type Translation,
  type TranslationContext,
  toEvents,
} from './pure/index.ts'
import { toFetchRequest } from './pure/to-fetch-request.ts'
import type { SeenStore } from './seen-store.ts'

/** A delivery whose signature was found right. */
export type VerifiedDelivery = {
  readonly facts: DeliveryFacts
  readonly topic: string
  readonly rawBody: Buffer
}

export type ReceiverPorts = {
  readonly door: Door
  readonly publisher: Pick<Publisher, 'publish' | 'publishRaw'>
  readonly vault: Pick<Vault, 'sealRaw' | 'setAside' | 'subjectRef' | 'requests'>
  readonly seen: Pick<SeenStore, 'has' | 'remember'>
  readonly metrics: DeliveryMetrics
  readonly log: Logger
  /** Who keeps what it cannot use, in the dead letters. */
  readonly service: string
  readonly json: JsonLimits
  /** Asks the store about deliveries of the door's `lookedUp` topics. */
  readonly lookUp?: LookUp | undefined
  /** Epoch ms. */
  readonly now: () => number
}

export type Receiver = (delivery: VerifiedDelivery) => Promise<Receipt>

/**
 * translate → publish → remember. Resolves with `published` or `kept` only when Kafka has it, and never rejects. Two
 * deliveries of one id that are here at once share one outcome; one that was here before is a duplicate.
 */
export function createReceiver(ports: ReceiverPorts): Receiver {
  const { door, seen, log, metrics } = ports
  const inFlight = new Map<string, Promise<Receipt>>()

  /** Reads a delivery with one of the door's translators. A mistake in it is a failure of this delivery. */
  function readWith<T>(
    translate: (body: unknown, context: TranslationContext) => Translation<T>,
    delivery: VerifiedDelivery,
  ): Translation<T> {
    const body = parseLossless(delivery.rawBody, ports.json)
    if (!body.ok) return { ok: false, failures: [{ path: '', reason: body.reason }] }
    const context = { topic: delivery.topic, store: delivery.facts.store }
    return translatedOrReason(() => translate(body.value, context), delivery, log)
  }

  /** What the delivery states, or the store said when it was asked about it. */
  function understand(
    delivery: VerifiedDelivery,
    looked: Exclude<LookedUp, { kind: 'unanswered' }>,
  ): Translation<OutgoingEvent[]> {
    const facts = looked.kind === 'answered' ? asAnswered(delivery.facts, looked) : delivery.facts
    return readWith((body, context) => {
      const statements = looked.kind === 'answered' ? looked.translation : door.translate(body, context)
      const events = statements.ok ? toEvents(statements.value, facts) : statements
      return statements.ok && events.ok ? { ...statements, value: events.value } : events
    }, delivery)
  }

  async function lookUp(delivery: VerifiedDelivery): Promise<LookedUp> {
    if (ports.lookUp === undefined || door.lookedUp?.has(delivery.topic) !== true) return { kind: 'cannot ask' }
    return ports.lookUp(delivery)
  }

  async function publish(delivery: VerifiedDelivery): Promise<Receipt> {
    const { facts, topic } = delivery
    if (door.requests?.topics.has(topic)) return handOver(delivery, readWith(door.requests.translate, delivery))
    if (door.fetches?.topics.has(topic)) return requestFetch(delivery, readWith(door.fetches.translate, delivery))
    const looked = await lookUp(delivery)
    if (looked.kind === 'unanswered') {
      if (facts.receivedAt + askForMs > ports.now()) return looked
      return keep(delivery, [`the store was asked for a day: ${looked.reason}`])
    }
    const translation = understand(delivery, looked)
    if (!translation.ok) return keep(delivery, translation.failures.map(describeFailure))
    const { value: events, leftOut, note } = translation
    if (events.length === 0) {
      log.info({ ...named(delivery), note }, 'delivery.acknowledged')
      return { kind: 'acknowledged' }
    }
    const { platform } = facts.store
    const outcomes = await Promise.allSettled(events.map((event) => publishEvent(ports, platform, event)))
    const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    if (errors.length > 0) return notPublished(delivery, errors)
    const [first] = events
    if (first !== undefined) metrics.clock(first.value.platformAt, facts.receivedAt)
    if (leftOut.length > 0) log.info({ ...named(delivery), paths: leftOut }, 'delivery.values-left-out')
    return { kind: 'published' }
  }

  async function handOver(delivery: VerifiedDelivery, ask: Translation<PrivacyAsk>): Promise<Receipt> {
    if (!ask.ok) return keep(delivery, ask.failures.map(describeFailure))
    try {
      const requestId = await handOverRequest(ports, ask.value, delivery.facts)
      log.info({ ...named(delivery), requestId }, 'privacy.requested')
      return { kind: 'published' }
    } catch (error) {
      return notPublished(delivery, [error])
    }
  }

  async function requestFetch(delivery: VerifiedDelivery, ask: Translation<FetchAsk>): Promise<Receipt> {
    const request = ask.ok ? toFetchRequest(ask.value, delivery.facts) : ask
    if (!request.ok) return keep(delivery, request.failures.map(describeFailure))
    try {
      await ports.publisher.publish(request.value)
      return { kind: 'published' }
    } catch (error) {
      return notPublished(delivery, [error])
    }
  }

  async function notPublished(delivery: VerifiedDelivery, errors: readonly unknown[]): Promise<Receipt> {
    const hopeless = errors.every((error) => error instanceof TooLarge || error instanceof Unencodable)
    return hopeless ? keep(delivery, errors.map(errorText)) : failed(errors)
  }

  async function keep(delivery: VerifiedDelivery, reasons: readonly string[]): Promise<Receipt> {
    try {
      await keepDelivery(ports, ports.service, { ...delivery, reasons })
    } catch (error) {
      return failed([error])
    }
    log.warn({ ...named(delivery), reasons }, 'delivery.kept')
    return { kind: 'kept', reasons }
  }

  function failed(errors: readonly unknown[]): Receipt {
    if (errors.some((error) => error instanceof QueueFull)) return { kind: 'overloaded' }
    log.warn({ err: errors[0] }, 'delivery.unavailable')
    return { kind: 'unavailable', reason: 'cannot be taken now' }
  }

  async function process(id: string, delivery: VerifiedDelivery): Promise<Receipt> {
    // What only names something is asked about each time: two that look alike may stand for two changes.
    if (door.lookedUp?.has(delivery.topic)) return publish(delivery)
    if (await seen.has(id)) return { kind: 'duplicate' }
    const receipt = await publish(delivery)
    if (isSettled(receipt)) await seen.remember(id)
    return receipt
  }

  return (delivery) => {
    const { store, deliveryId } = delivery.facts
    const id = [store.platform, store.id, deliveryId].join('|')
    const joined = inFlight.get(id)
    if (joined !== undefined) return joined.then(asSecond)
    const processing = process(id, delivery)
      .catch((error: unknown) => failed([error]))
      .finally(() => inFlight.delete(id))
    inFlight.set(id, processing)
    return processing
  }
}

/** Nothing more is to be done for it. */
const isSettled = ({ kind }: Receipt): boolean => kind === 'published' || kind === 'acknowledged' || kind === 'kept'

/** Another answer is another event, however alike the deliveries that led to it. */
const asAnswered = (
  facts: DeliveryFacts,
  { version, answeredAt }: Extract<LookedUp, { kind: 'answered' }>,
): DeliveryFacts => ({
  ...facts,
  deliveryId: `${facts.deliveryId}:${version}`,
  triggeredAt: new Date(answeredAt).toISOString(),
})

const asSecond = (first: Receipt): Receipt => (first.kind === 'published' ? { kind: 'duplicate' } : first)

const named = ({ facts, topic }: VerifiedDelivery) => ({ store: facts.store.id, topic, deliveryId: facts.deliveryId })

/**
 * A translator that throws is a mistake of ours, and would throw at every retry until the platform gives up and stops
 * delivering. So the delivery is kept, to be translated by a better release.
 */
function translatedOrReason<T>(
  translate: () => Translation<T>,
  delivery: VerifiedDelivery,
  log: Logger,
): Translation<T> {
  try {
    return translate()
  } catch (error) {
    log.error({ ...named(delivery), err: error }, 'delivery.translator-threw')
    return { ok: false, failures: [{ path: '', reason: 'the translator failed' }] }
  }
}
