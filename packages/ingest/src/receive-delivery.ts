import { type Publisher, QueueFull, TooLarge, Unencodable } from '@varai/kafka'
import { errorText, type Logger } from '@varai/runtime'
import type { Vault } from '@varai/vault'
import type { Receipt } from './answer.ts'
import type { DeliveryMetrics } from './delivery-metrics.ts'
import type { Door } from './door.ts'
import { keepDelivery } from './keep-delivery.ts'
import {
  type DeliveryFacts,
  describeFailure,
  type JsonLimits,
  type OutgoingEvent,
  parseLossless,
  type Translation,
  toEvents,
} from './pure/index.ts'
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
  readonly vault: Pick<Vault, 'sealRaw'>
  readonly seen: Pick<SeenStore, 'has' | 'remember'>
  readonly metrics: DeliveryMetrics
  readonly log: Logger
  /** Who keeps what it cannot use, in the dead letters. */
  readonly service: string
  readonly json: JsonLimits
}

export type Receiver = (delivery: VerifiedDelivery) => Promise<Receipt>

/**
 * translate → publish → remember. Resolves with `published` or `kept` only when Kafka has it, and never rejects. Two
 * deliveries of one id that are here at once share one outcome; one that was here before is a duplicate.
 */
export function createReceiver(ports: ReceiverPorts): Receiver {
  const { door, publisher, seen, log, metrics } = ports
  const inFlight = new Map<string, Promise<Receipt>>()

  function translate({ facts, topic, rawBody }: VerifiedDelivery): Translation<OutgoingEvent[]> {
    const body = parseLossless(rawBody, ports.json)
    if (!body.ok) return { ok: false, failures: [{ path: '', reason: body.reason }] }
    const statements = door.translate(body.value, { topic, store: facts.store })
    if (!statements.ok) return statements
    const events = toEvents(statements.value, facts)
    return events.ok ? { ...events, leftOut: statements.leftOut } : events
  }

  async function publish(delivery: VerifiedDelivery): Promise<Receipt> {
    const translation = translatedOrReason(() => translate(delivery), delivery, log)
    if (!translation.ok) return keep(delivery, translation.failures.map(describeFailure))
    const events = translation.value
    const outcomes = await Promise.allSettled(events.map((event) => publisher.publish(event)))
    const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    const hopeless = errors.filter((error) => error instanceof TooLarge || error instanceof Unencodable)
    if (hopeless.length < errors.length) return failed(errors)
    if (hopeless.length > 0) return keep(delivery, hopeless.map(errorText))
    const [first] = events
    if (first !== undefined) metrics.clock(first.value.platformAt, delivery.facts.receivedAt)
    if (translation.leftOut.length > 0) {
      log.info({ ...named(delivery), paths: translation.leftOut }, 'delivery.values-left-out')
    }
    return { kind: 'published' }
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
    if (await seen.has(id)) return { kind: 'duplicate' }
    const receipt = await publish(delivery)
    if (receipt.kind === 'published' || receipt.kind === 'kept') await seen.remember(id)
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
