import { assemble } from './shop/assemble.ts'
import { type ShopOptions, settle } from './shop/options.ts'
import { createWorld, type World } from './shop/world.ts'
import { createDeliveryWriter, type Delivery, privacyDeliveries, uninstalledDelivery } from './shopify/delivery.ts'
import { type Truth, truthOf } from './truth/truth.ts'

/** A simulated Shopify shop: what it sends, and what must have become of it. */
export type Shop = {
  merchantId: string
  storeId: string
  currency: string
  secret: string
  apiVersion: string
  /** All deliveries of its life in the order in which it sends them, made one by one; the same ones at every call. */
  deliveries(): Generator<Delivery, void, undefined>
  /**
   * The same life with the shop to look into: `world` is the shop as it was when the delivery last taken was put
   * together, and as it stays after the last.
   */
  live(): { world: World; deliveries: Generator<Delivery, void, undefined> }
  /** The app is uninstalled, after all of them. */
  uninstalled(): Delivery
  /** What people ask about their data, after the life; concerns no document of the truth. Lives the life once more. */
  privacyRequests(): Delivery[]
  /** What the database must hold after all `deliveries`. Lives the life once more, without bodies, at the first call. */
  truth(): Truth
}

/** Creates a shop. Nothing is made before it is asked for. Throws RangeError on options that no shop can have. */
export function createShop(options: ShopOptions): Shop {
  const settings = settle(options)
  const write = createDeliveryWriter(settings)
  let truth: Truth | undefined
  function* deliveriesOf(world: World): Generator<Delivery, void, undefined> {
    for (const assembled of assemble(settings, world)) yield write(assembled)
  }
  return {
    merchantId: settings.merchantId,
    storeId: settings.storeId,
    currency: settings.currency,
    secret: settings.secret,
    apiVersion: settings.apiVersion,
    deliveries: () => deliveriesOf(createWorld(settings)),
    live() {
      const world = createWorld(settings)
      return { world, deliveries: deliveriesOf(world) }
    },
    uninstalled: () => uninstalledDelivery(settings),
    privacyRequests() {
      const world = createWorld(settings)
      for (const _ of assemble(settings, world));
      return privacyDeliveries(settings, world)
    },
    truth() {
      truth ??= truthOf(settings)
      return truth
    },
  }
}
