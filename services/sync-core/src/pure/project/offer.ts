import { isDeleted } from '../fold/existence.ts'
import { emptyList, inOrder } from '../fold/keyed-list.ts'
import type { Runs } from '../fold/runs.ts'
import { runsOf, sinceOf, sinceOfElement } from '../fold/since.ts'
import { variantKeys } from '../identity.ts'
import type { Plain, PlainObject } from '../plain.ts'
import type { Member } from '../policy/candidate.ts'
import type { RecordState } from '../record.ts'
import type { Node } from './plan.ts'

/** A variant of a product of one store: what catalogue items are made from. */
export type Offer = Node & {
  /** `record|variant`. */
  readonly id: string
  readonly product: RecordState
  /** The platform's id of the variant. */
  readonly variantId: string
  /** What it states; of one that is gone, what is remembered. */
  readonly variant: PlainObject
  /** Whether the product is there, and lists it. */
  readonly living: boolean
  /** What it must share with another to be the same thing. */
  readonly keys: readonly string[]
  readonly createdAt: number | null
  /** Shared by all offers of a product. */
  readonly runs: () => Runs
}

/** All variants that a product has, and those it is known to have had. */
export function offersOf(product: RecordState): Offer[] {
  const list = product.lists['variants'] ?? emptyList
  const keys = variantKeys(product)
  const exists = !isDeleted(product.existence)
  const createdAt = product.registers.values['createdAt']
  let runs: Runs | undefined
  const shared = {
    merchantId: product.merchantId,
    version: product.version,
    product,
    createdAt: typeof createdAt === 'number' ? createdAt : null,
    runs: () => {
      runs ??= runsOf(product)
      return runs
    },
  }
  const offer = (variantId: string, variant: PlainObject, living: boolean): Offer => ({
    ...shared,
    ...{ id: `${product.id}|${variantId}`, variantId, variant, living },
    keys: keys.get(variantId) ?? [],
  })
  return [
    ...inOrder(list).map(([key, { value }]) => offer(key, value, exists)),
    ...[...list.former].map(([key, { value }]) => offer(key, value, false)),
  ]
}

/** The product's record of an offer's id. */
export const recordOfOffer = (offerId: string): string => offerId.split('|', 4).join('|')

/** Fields that a variant states by itself, by the name under which catalogue items show them. */
const ofVariant: Readonly<Record<string, string>> = {
  sku: 'sku',
  barcode: 'barcode',
  variantTitle: 'title',
  price: 'price',
  compareAtPrice: 'compareAtPrice',
}

/** An offer as one of those who speak of an item. A variant is dated as a whole. */
export function memberOf({ id, product, variantId, variant, runs }: Offer): Member {
  const { platform, storeId, registers } = product
  return {
    ...{ id, platform, storeId },
    around: { country: undefined },
    valueOf: (field): Plain => {
      const own = ofVariant[field]
      return (own === undefined ? registers.values[field] : variant[own]) ?? null
    },
    sinceOf: (field) =>
      ofVariant[field] === undefined
        ? sinceOf(product, runs(), field)
        : sinceOfElement(product, runs(), 'variants', variantId),
  }
}
