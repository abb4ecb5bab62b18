import { createRandom, type Random } from '../random.ts'
import { live } from './life.ts'
import type { Entity } from './model.ts'
import type { Settings, Topic } from './options.ts'
import { createWorld, type World } from './world.ts'

/** A delivery at the moment its body is put together: the entity as it is now, not as it was when it was triggered. */
export type Assembled = {
  topic: Topic
  entity: Entity
  /** By Shopify's clock, ms; no two happenings of a shop share one. */
  triggeredAt: number
  /** RFC 3339 with nanoseconds, as the header says it. */
  triggered: string
  webhookId: string
  eventId: string
}

type Waiting = Assembled & { assembleAt: number }

/** Milliseconds that pass until Shopify puts the body together; what changes meanwhile is in it. */
function drawDelay(random: Random): number {
  const kind = random.weighted({ none: 70, short: 24, long: 6 })
  if (kind === 'none') return 0
  return kind === 'short' ? random.int(1, 400) : random.int(400, 5_000)
}

/**
 * Lives the shop's life and yields its deliveries in the order in which the shop sends them. The entities are the
 * shop's own: read them before asking for the next. After the last, `world` is the shop as it stays.
 */
export function* assemble(settings: Settings, world: World = createWorld(settings)): Generator<Assembled> {
  const random = createRandom(`${settings.seed}|${settings.merchantId}|${settings.storeId}|wire`)
  const waiting: Waiting[] = []
  let made = 0
  const left = () => settings.deliveries - made

  const put = (delivery: Omit<Waiting, 'webhookId'>) => {
    made += 1
    const before = waiting.findIndex((each) => each.assembleAt > delivery.assembleAt)
    waiting.splice(before < 0 ? waiting.length : before, 0, { ...delivery, webhookId: random.uuid() })
  }

  for (const plan of live(world, left)) {
    while (waiting[0] !== undefined && waiting[0].assembleAt < plan.at) yield waiting.shift() as Waiting
    const happening = plan.happen()
    if (happening === undefined) continue
    const eventId = random.uuid()
    const told = happening.topics.filter((topic, index) => index === 0 || settings.topics.includes(topic))
    for (const [index, topic] of told.entries()) {
      if (left() <= 0) break
      const triggeredAt = happening.at + index - settings.clockSkew
      const delivery = {
        topic,
        entity: happening.entity,
        triggeredAt,
        triggered: new Date(triggeredAt).toISOString().replace('Z', `${random.digits(6)}Z`),
        eventId,
        assembleAt: happening.at + drawDelay(random),
      }
      put(delivery)
      if (left() > 0 && random.chance(settings.doubled)) put(delivery)
    }
    if (left() <= 0) break
  }
  yield* waiting
}
