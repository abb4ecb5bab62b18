import type { Level, Product, Variant } from './model.ts'
import type { World } from './world.ts'

/** The shop's only location. */
const locationId = 70_905_167_872n

/** Says how many of a variant there are now; now and then that nobody counts any more, or counts again. */
export function countLevel(world: World, variant: Variant, at: number): Level {
  const uncounted = world.random.chance(0.08)
  const level: Level = {
    ...{ kind: 'level', id: variant.inventoryItemId, locationId, updatedAt: at },
    available: uncounted ? null : variant.inventoryQuantity,
  }
  const held = world.levels.get(level.id)
  if (held === undefined) world.levels.set(level.id, level)
  // The same object: what tells of it is put together when it is sent.
  return held === undefined ? level : Object.assign(held, level)
}

/** The variant that the shop still has; undefined when it or its product was removed. */
export const variantOf = (world: World, product: Product, variantId: bigint): Variant | undefined =>
  world.products.includes(product) ? product.variants.find(({ id }) => id === variantId) : undefined
