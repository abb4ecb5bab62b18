import { tail } from '@varai/kafka'
import { lanes, laneTopic } from '@varai/schemas'
import type { SystemContext } from '../../system/open-system.ts'

/** What Kafka has of the webhooks of a store. */
export type Published = {
  /** Ids of deliveries, without what a look-up added to them. */
  readonly deliveries: ReadonlySet<string>
  readonly events: number
  /** Events that lie there more than once, under one id. */
  readonly repeated: number
}

/** Reads what came in since `began` (epoch ms). */
export async function publishedSince(
  { kafka, codec }: SystemContext,
  storeId: string,
  began: number,
): Promise<Published> {
  const deliveries = new Set<string>()
  const times = new Map<string, number>()
  const topics = lanes.map(laneTopic)
  for await (const { decoded } of tail({ kafka, codec, topics, from: { at: began - 60_000 }, untilEnd: true })) {
    if (!decoded.ok || !('deliveryId' in decoded.value) || decoded.value.storeId !== storeId) continue
    const { deliveryId } = decoded.value
    if (deliveryId === null || deliveryId === undefined) continue
    deliveries.add(deliveryId.split(':').slice(0, 3).join(':'))
    const eventId = 'eventId' in decoded.value ? decoded.value.eventId : deliveryId
    times.set(eventId, (times.get(eventId) ?? 0) + 1)
  }
  return { deliveries, events: times.size, repeated: [...times.values()].filter((count) => count > 1).length }
}
