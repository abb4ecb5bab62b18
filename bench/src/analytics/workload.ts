import type { Codec } from '@varai/kafka'
import { type EventName, eventKey, eventKind, laneTopic } from '@varai/schemas'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { createZipf } from '../sync/zipf.ts'

export type PreparedEvent = { readonly topic: string; readonly key: string; readonly bytes: Buffer }

export type Workload = {
  /** What is known of frames, before anything else. */
  frames(): PreparedEvent[]
  /** The next events; the mixture is the same whenever they are made. */
  next(count: number): PreparedEvent[]
  /** How many sessions and orders all of them so far were about. */
  readonly spokenOf: number
}

const products = 500
const hour = 3_600_000
/** One event of so many is about a session that was told of long before. */
const late = 50
/** So many sessions begin in an hour: ten hours of a million events. */
const sessionsAnHour = 17_000
const stores = [
  { source: 'html', storeId: 'lens-shop' },
  { source: 'html', storeId: 'frame-shop' },
  { source: 'shopify', storeId: 'lens.myshopify.com' },
] as const
type Store = (typeof stores)[number]

/**
 * Shoppers of three stores, very many an hour: most events are of sessions of the moment, in an hour that grows with
 * each of them, some of any that ever was. About six events a session; every fourth one buys.
 */
export function createWorkload(codec: Codec, beganAt: number): Workload {
  const generator = xoroshiro128plus(29)
  const random = () => uniformFloat64(generator)
  const drawProduct = createZipf(products, random)
  let [turn, sessions] = [0, 0]
  const spokenOf = new Set<string>()

  const productId = () => String(8_000_000 + drawProduct())
  /** Time goes on with the sessions. */
  const sessionOf = (number: number) => {
    const store = stores[number % stores.length] ?? stores[0]
    return { store, entityId: `ais-${number}`, began: beganAt + Math.floor((number * hour) / sessionsAnHour) }
  }

  function event(name: EventName, store: Store, entityId: string, at: number, fields: object): PreparedEvent {
    turn += 1
    const kind = eventKind(name)
    if (kind === undefined) throw new Error(`no event ${name}`)
    const { eventType, entityType, lane: priority, record } = kind
    const value = {
      ...{
        ...store,
        merchantId: 'bench',
        eventId: `${store.source}|${store.storeId}|bench-${turn}|0`,
        eventName: name,
      },
      ...{ eventType, entityType, entityId, priority, origin: 'api', platformAt: at, at, ingestedAt: at },
      ...fields,
    }
    if (entityType !== 'product') spokenOf.add(entityId)
    const bytes = codec.encodeSync(record, value as never)
    return { topic: laneTopic(priority), key: eventKey({ ...value, entityType }), bytes }
  }

  function* lifeOf(number: number): Generator<PreparedEvent> {
    const { store, entityId, began } = sessionOf(number)
    const customerId = number % 2 === 0 ? `c-${number % 50_000}` : null
    const recommendationId = `rec-${number}`
    const items = [1, 2].map((position) => ({ productId: productId(), position }))
    const tell = (name: EventName, after: number, fields: object) => event(name, store, entityId, began + after, fields)
    yield tell('ai_session_started', 0, { customerId, startedAt: began })
    yield tell('face_analysis_completed', 20_000, { customerId, analysis: { faceShape: 'oval' } })
    yield tell('recommendation_generated', 40_000, {
      customerId,
      recommendationId,
      items,
      algorithm: `fit ${number % 3}`,
    })
    const touched = { recommendationId, productId: items[0]?.productId }
    const touch = (interactionType: EventName) => ({ interactionId: `i-${turn}`, interactionType, ...touched })
    yield tell('recommendation_clicked', 60_000, touch('recommendation_clicked'))
    if (number % 2 === 0) yield tell('virtual_try_on_started', 80_000, touch('virtual_try_on_started'))
    const buys = number % 4 === 0
    const completedAt = began + 120_000
    yield tell('ai_session_completed', 120_000, {
      startedAt: began,
      completedAt,
      conversionResult: buys ? 'purchased' : 'none',
    })
    if (!buys) return
    const [at, total] = [began + 600_000, `${100 + (number % 400)}.50`]
    yield event('order_created', store, `o-${number}`, at, {
      ...{ createdAt: at, currency: 'EUR', total, customerId },
      ...(number % 8 === 0 && { aiSessionId: entityId, recommendationIds: [recommendationId] }),
      items: [{ id: '1', productId: items[0]?.productId, quantity: 1, price: total }],
    })
  }

  /** Something that a session did, told long afterwards. */
  function lateEvent(): PreparedEvent {
    const { store, entityId, began } = sessionOf(Math.floor(random() * sessions))
    const touch = { interactionId: `late-${turn}`, interactionType: 'product_clicked', productId: productId() }
    return event('product_clicked', store, entityId, began + 90_000, touch)
  }

  let open: Generator<PreparedEvent>[] = []
  return {
    frames: () =>
      stores.flatMap((store) =>
        Array.from({ length: products }, (_, number) =>
          event('product_created', store, String(8_000_000 + number), beganAt - hour, {
            ...{ frameShape: `shape ${number % 8}`, frameMaterial: `material ${number % 6}` },
            ...{ frameColor: `colour ${number % 12}`, lensType: `lens ${number % 4}` },
          }),
        ),
      ),
    next(count) {
      const events: PreparedEvent[] = []
      while (events.length < count) {
        if (sessions > 0 && random() < 1 / late) {
          events.push(lateEvent())
          continue
        }
        // a few hundred shoppers at a time
        while (open.length < 300) open.push(lifeOf(sessions++))
        const at = Math.floor(random() * open.length)
        const { value, done } = open[at]?.next() ?? { value: undefined, done: true }
        if (done === true) open = open.filter((_, index) => index !== at)
        if (value) events.push(value)
      }
      return events
    },
    get spokenOf() {
      return spokenOf.size
    },
  }
}
