import type { Codec } from '@varai/kafka'
import { deliveryEventId, eventKey, laneTopic } from '@varai/schemas'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { statedEvents } from '../ingest/shop.ts'
import { createZipf } from './zipf.ts'

/** All of it lies in one lane: peers know no others. */
export const topic = laneTopic('high')

export type PreparedEvent = {
  readonly entityId: string
  readonly eventId: string
  readonly key: Buffer
  readonly bytes: Buffer
}

export type WorkloadSpec = {
  readonly name: string
  readonly title: string
  readonly about: 'orders' | 'customers'
  /** How many entities are spoken of, some far more than others; undefined where each event is about another one. */
  readonly entities?: number
  /** Events of a round. */
  readonly events: number
  /** Most rounds, and after so many ms no further one begins: how fast disks are differs more than anything else. */
  readonly rounds: number
  readonly withinMs: number
}

export type Workload = WorkloadSpec & {
  /** The events of a round, the same whoever asks; from 0. Later rounds are later in the platform's time. */
  round(number: number): readonly PreparedEvent[]
  /** Those of the round after the last one that anybody asked for. */
  nextRound(): readonly PreparedEvent[]
  /** How many entities all rounds so far were about. */
  readonly spokenOf: number
}

const templates = 200

/** Statements of a shop about orders or customers. `number` sets its ids apart from other workloads'. */
export function createWorkload(spec: WorkloadSpec, number: number, codec: Codec): Workload {
  const record = spec.about === 'orders' ? 'OrderStated' : 'CustomerStated'
  // Entity by entity as a shop states it at first, so that each says all there is to say.
  const shapes = statedEvents(record, 3 * templates).filter(({ value }) => /_created$/.test(value.eventName))
  const generator = xoroshiro128plus(17)
  const draw = createZipf(spec.entities ?? 1, () => uniformFloat64(generator))
  const began = Date.now() - 3_600_000
  const spokenOf = new Set<string>()
  let [turn, rounds] = [0, 0]
  let prepared: readonly PreparedEvent[] = []

  function prepare(): PreparedEvent {
    turn += 1
    const shape = shapes[turn % shapes.length]
    if (shape === undefined) throw new Error(`nothing about ${spec.about} to copy`)
    const entityId = String((5 + number) * 1e12 + (spec.entities === undefined ? turn : draw()))
    spokenOf.add(entityId)
    const about = {
      ...{ entityId, eventId: deliveryEventId({ ...shape.value, deliveryId: `${spec.name}-${turn}` }, 0) },
      ...{ platformAt: began + turn, at: began + turn, ingestedAt: began + turn },
    }
    // Something changes at every statement, so that no fold can leave the document as it is.
    const bytes =
      shape.record === 'OrderStated'
        ? codec.encodeSync(shape.record, { ...shape.value, ...about, total: (100 + turn / 100).toFixed(2) })
        : codec.encodeSync(shape.record, {
            ...{ ...shape.value, ...about, userId: entityId },
            // One person each: an address that several have would make one user of them.
            ...{ email: `customer-${entityId}@example.org`, firstName: `Ada ${turn}` },
          })
    return { entityId, eventId: about.eventId, key: Buffer.from(eventKey({ ...shape.value, entityId })), bytes }
  }

  function round(asked: number): readonly PreparedEvent[] {
    if (asked === rounds) {
      prepared = Array.from({ length: spec.events }, prepare)
      rounds += 1
    } else if (asked !== rounds - 1) throw new RangeError(`round ${asked} is not the present one`)
    return prepared
  }

  return {
    ...spec,
    round,
    nextRound: () => round(rounds),
    get spokenOf() {
      return spokenOf.size
    },
  }
}
