import { stringify } from 'lossless-json'
import { newEntity } from './entities.ts'
import type { Delivery, DoorFacts, Entity, Signed, Signer, TopicFacts, ToSign } from './facts.ts'
import type { Stage } from './stage.ts'

export type Answered = { readonly status: number; readonly headers: Headers; readonly text: string }

/** A delivery and what it tells of. */
export type Made = { readonly topic: TopicFacts; readonly entity: Entity; readonly delivery: Delivery }

/** A delivery of a document; the topic's own document unless told. */
export function deliveryOf(
  door: DoorFacts,
  topic: Pick<TopicFacts, 'topic' | 'document'>,
  entity: Entity,
  { document = topic.document(entity), signer = 'current' }: { document?: unknown; signer?: Signer } = {},
): Delivery {
  const whole = door.wrap?.(document, { topic: topic.topic, entity, signer }) ?? document
  return { topic: topic.topic, id: entity.deliveryId, bytes: Buffer.from(stringify(whole) ?? '') }
}

/** A delivery of a new entity. */
export function makeDelivery(door: DoorFacts, topic: TopicFacts, signer?: Signer): Made {
  const entity = newEntity()
  return { topic, entity, delivery: deliveryOf(door, topic, entity, signer && { signer }) }
}

/** A delivery that becomes events. */
export const makeTold = (door: DoorFacts): Made => makeDelivery(door, toldTopic(door))

export function toldTopic(door: DoorFacts): TopicFacts {
  const topic = door.topics.find(({ becomes }) => typeof becomes === 'object')
  if (topic === undefined) throw new Error(`${door.name} tells no event: say a topic that does`)
  return topic
}

export type SendOptions = {
  readonly signer?: Signer
  readonly storeId?: string
  /** This header is left out. */
  readonly without?: string
  /** The origin of another process. */
  readonly to?: string
}

/** Signs and posts deliveries as the platform does. Rejects when nobody answers. */
export function send(
  stage: Stage,
  door: DoorFacts,
  deliveries: ToSign['deliveries'],
  options: SendOptions = {},
): Promise<Answered> {
  const { signer = 'current', storeId = stage.facts.stores.own, without, to } = options
  const { path, headers, body } = door.sign({ deliveries, signer, storeId, without })
  const kept = Object.entries(headers).filter(([name]) => name.toLowerCase() !== without?.toLowerCase())
  return post(stage, { path, headers: Object.fromEntries(kept), body }, to)
}

/** Posts what is already signed. */
async function post(stage: Stage, { path, headers, body }: Signed, to?: string): Promise<Answered> {
  return ask(stage, path, { method: 'POST', headers, body: new Uint8Array(body) }, to)
}

export async function ask(stage: Stage, path: string, init: RequestInit, to = stage.service.origin): Promise<Answered> {
  const response = await fetch(to + path, init)
  const text = await response.text()
  stage.answers.push(text)
  return { status: response.status, headers: response.headers, text }
}
