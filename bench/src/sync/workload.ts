import type { Codec } from '@varai/kafka'
import { type Draft, deliveryEventId, eventKey, laneTopic, type OrderStated } from '@varai/schemas'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { orderEvents } from '../ingest/shop.ts'
import { createZipf } from './zipf.ts'

/** All of it lies in one lane: peers know no others. */
export const topic = laneTopic('high')

export type PreparedEvent = {
  readonly entityId: string
  readonly eventId: string
  readonly key: Buffer
  readonly bytes: Buffer
  readonly value: Draft<OrderStated>
}

export type Workload = {
  readonly name: string
  /** The events of a round, the same whoever asks; from 0. Later rounds are later in the platform's time. */
  round(number: number): readonly PreparedEvent[]
  /** How many orders all rounds so far were about. */
  readonly orders: number
}

const templates = 200

/** Statements about orders, `count` a round: `zipf` goes on about some orders far more than about others. */
export function createWorkload(kind: 'zipf' | 'distinct', count: number, codec: Codec): Workload {
  // Order by order as a shop states it at first, so that each says all there is to say.
  const shapes = orderEvents(3 * templates).filter(({ value }) => value.eventName === 'order_created')
  const generator = xoroshiro128plus(17)
  const draw = createZipf(count, () => uniformFloat64(generator))
  const began = Date.now() - 3_600_000
  const orders = new Set<string>()
  let [turn, rounds] = [0, 0]
  let prepared: readonly PreparedEvent[] = []

  function prepare(): PreparedEvent {
    turn += 1
    const shape = shapes[turn % shapes.length]
    if (shape === undefined) throw new Error('no order to copy')
    const entityId = kind === 'zipf' ? String(5e12 + draw()) : String(6e12 + turn)
    orders.add(entityId)
    const value: Draft<OrderStated> = {
      ...shape.value,
      ...{ entityId, eventId: deliveryEventId({ ...shape.value, deliveryId: `${kind}-${turn}` }, 0) },
      ...{ platformAt: began + turn, at: began + turn, ingestedAt: began + turn },
      // Something changes at every statement, so that no fold can leave the document as it is.
      total: (100 + turn / 100).toFixed(2),
    }
    const bytes = codec.encodeSync('OrderStated', value)
    return { entityId, eventId: value.eventId, key: Buffer.from(eventKey(value)), bytes, value }
  }

  return {
    name: kind,
    round(number) {
      if (number === rounds) {
        prepared = Array.from({ length: count }, prepare)
        rounds += 1
      } else if (number !== rounds - 1) throw new RangeError(`round ${number} is not the present one`)
      return prepared
    },
    get orders() {
      return orders.size
    },
  }
}
