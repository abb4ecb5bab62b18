import type { PublishedRecord, Publisher } from '@varai/kafka'
import {
  type Draft,
  type Envelope,
  type EventName,
  type EventRecordName,
  eventKey,
  eventTable,
  privacyEvent,
  privacyTopic,
  replayTopic,
} from '@varai/schemas'
import { arrange, type Shopper } from '@varai/simulator'

type Step = Shopper['steps'][number]
type Store = { readonly merchantId: string; readonly platform: string; readonly storeId: string }
export type Said = PublishedRecord<EventRecordName>

/** So many records wait for Kafka at once: a publisher refuses to hold any number. */
const atOnce = 2_000

/** Everything that shoppers do, one to two times and in no order, as it lies in Kafka: for the collector alone. */
export async function sayAll(publisher: Publisher, shoppers: readonly Shopper[], stores: Stores): Promise<number> {
  const steps = shoppers.flatMap((shopper) => shopper.steps.map((step) => say(shopper, step, stores)))
  let told = 0
  let under: Promise<void>[] = []
  for (const said of arrange(steps, { repeat: [1, 2], shuffle: 'total', seed: 'said' })) {
    told += 1
    under.push(publisher.publish(said))
    if (under.length < atOnce) continue
    await Promise.all(under)
    under = []
  }
  await Promise.all(under)
  return told
}

/** Where they are, and where they may buy. */
export type Stores = { readonly here: Store; readonly shopify: Store }

function say(shopper: Shopper, step: Step, { here, shopify }: Stores): Said {
  const { sessionId, customerId } = shopper
  const { deed } = step
  const tell = (store: Store, entityId: string, eventName: EventName, facts: object): Said =>
    record(store, shopper, step, entityId, eventName, facts)
  const who = customerId !== undefined && step.door === 'server' ? { customerId } : {}
  switch (deed.what) {
    case 'began':
      return tell(here, sessionId, 'ai_session_started', { ...who, startedAt: deed.at })
    case 'interacted': {
      const { type, productId, recommendationId } = deed.interaction
      return tell(here, sessionId, type, { interactionId: step.id, interactionType: type, productId, recommendationId })
    }
    case 'analysed':
      return tell(here, sessionId, 'face_analysis_completed', { ...who, analysis: deed.analysis })
    case 'recommended': {
      const { recommendationId, items, algorithm, confidence } = deed
      return tell(here, sessionId, 'recommendation_generated', {
        ...who,
        recommendationId,
        items,
        algorithm,
        confidence,
      })
    }
    case 'consented':
      return tell(here, `of-${sessionId}`, 'consent_changed', { ...who, level: deed.level })
    case 'completed': {
      const { startedAt, endedAt, conversionResult, analysis, turns } = deed
      const conversation = turns.map(({ role, at }) => ({ role, text: 'a light round frame', at }))
      const ended = { startedAt, completedAt: endedAt, conversionResult, conversation }
      return tell(here, sessionId, 'ai_session_completed', { ...who, ...ended, faceAnalysis: analysis })
    }
    case 'bought': {
      const { on, orderId, total, recommendationIds } = deed
      const cart = { aiSessionId: sessionId, recommendationIds, total, currency: 'EUR', createdAt: step.at }
      return tell(on === 'here' ? here : shopify, orderId, 'order_created', { ...(on === 'here' && who), ...cart })
    }
    default:
      return deed satisfies never
  }
}

function record(
  store: Store,
  { sessionId, region }: Shopper,
  step: Step,
  entityId: string,
  eventName: EventName,
  facts: object,
): Said {
  const { lane: priority, record, eventType, entityType } = eventTable[eventName]
  const envelope: Draft<Envelope> = {
    ...{
      eventId: `${store.platform}|${store.storeId}|${step.id}|0`,
      eventName,
      eventType,
      entityType,
      entityId,
      priority,
    },
    ...{ source: store.platform, merchantId: store.merchantId, storeId: store.storeId, sessionId, region },
    // What a shop says of an order bears no consent.
    ...(entityType !== 'order' && { consentLevel: step.level }),
    ...{ platformAt: step.at, at: step.at, ingestedAt: step.at, origin: 'replay' },
  }
  // The facts are those of the record that the table names; TypeScript cannot follow that pair.
  const value = { ...envelope, ...facts } as Said['value']
  return { topic: replayTopic('ml-collector'), key: eventKey(envelope), record, value }
}

/** Whether anything that is said of a shopper names the account: of nobody else can a shop ask to erase it. */
export const isNamed = ({ customerId, steps }: Shopper): boolean =>
  customerId !== undefined &&
  steps.some(
    ({ door, deed }) =>
      door === 'server' && deed.what !== 'interacted' && !(deed.what === 'bought' && deed.on === 'shopify'),
  )

/** Somebody takes back what they allowed. */
export const withdrawal = (shopper: Shopper, stores: Stores, at: number): Said => {
  const deed = { what: 'consented', level: 'basic', proof: 'asked again', marketing: false } as const
  return say(shopper, { id: `w-${shopper.sessionId}`, at, door: 'server', level: 'basic', deed }, stores)
}

/** A shop asks to erase a customer. */
export function erasure(
  { customerId = '' }: Shopper,
  { here }: Stores,
  at: number,
): PublishedRecord<'PrivacyRequested'> {
  const { platform: source, merchantId, storeId } = here
  const subjectRef = `sub_${customerId}`
  return {
    ...{ topic: privacyTopic, key: subjectRef, record: 'PrivacyRequested' },
    value: {
      ...{ ...privacyEvent, source, merchantId, storeId, entityId: subjectRef, subjectRef, priority: 'high' },
      ...{ eventId: `${source}|${storeId}|erase-${customerId}|0`, requestId: requestOf(customerId), customerId },
      ...{ kind: 'customer_redact', platformAt: at, at, ingestedAt: at, origin: 'api', legalDueAt: at },
    },
  }
}

export const requestOf = (customerId: string): string => `erase-${customerId}`
