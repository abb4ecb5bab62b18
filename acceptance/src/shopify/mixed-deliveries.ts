import { createShop, type Forged, type Forgery, forge, forgeries, type Sendable, type Shop } from '@varai/simulator'
import { stores } from './stores.ts'

/** One request; `forged` where it is none of a shop's. */
export type Sent = Sendable & { forged?: Forged }

/** Every so many genuine deliveries a forged one goes out beside them. */
const forgedEvery = 20
/** The second store's clock runs ahead: its times look newer than what the first one says at the same moment. */
const skewMs = 7 * 60_000

/** Two stores of one merchant, of different currencies, API generations and clocks. */
export function twoShops(deliveries: number): readonly Shop[] {
  const each = { seed: 'acceptance shopify', deliveries: deliveries / 2 }
  return [createShop({ ...stores.berlin, ...each }), createShop({ ...stores.tokyo, ...each, clockSkew: skewMs })]
}

/** Their deliveries in turn, and among them forged ones, each kind as often as the others. */
export function* mixedDeliveries(shops: readonly Shop[]): Generator<Sent> {
  const kinds = Object.keys(forgeries).filter(isForgery)
  const sources = shops.map((shop) => ({ shop, deliveries: shop.deliveries() }))
  let genuine = 0
  let forged = 0
  while (sources.length > 0) {
    for (const source of [...sources]) {
      const next = source.deliveries.next()
      if (next.done) {
        sources.splice(sources.indexOf(source), 1)
        continue
      }
      yield next.value
      genuine += 1
      if (genuine % forgedEvery !== 0) continue
      const kind = kinds[forged % kinds.length]
      forged += 1
      if (kind !== undefined) yield asSent(forge(kind, next.value, source.shop.secret))
    }
  }
}

const isForgery = (name: string): name is Forgery => Object.hasOwn(forgeries, name)

const asSent = (forged: Forged): Sent => ({ headers: forged.headers, body: forged.body, forged })
