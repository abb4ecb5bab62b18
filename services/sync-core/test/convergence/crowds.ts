import { fc } from '@fast-check/vitest'
import { customer, type LaneEvent, minutes, noon, product } from '../events.ts'

const stores = ['shopify', 'woocommerce', 'html'].flatMap((source) =>
  ['north', 'south', 'west'].map((storeId) => ({ source, storeId })),
)

/**
 * Accounts of one address, or frames of one number, in more and more stores, and some of them get others of their own,
 * one after the other. `most`: of so many that have it none is found by it.
 */
export const crowds: fc.Arbitrary<{ readonly events: LaneEvent[]; readonly most: number }> = fc
  .record({
    what: fc.constantFrom('persons' as const, 'frames' as const),
    come: fc.shuffledSubarray(stores, { minLength: 3 }),
    leave: fc.shuffledSubarray(stores),
    back: fc.subarray(stores, { maxLength: 2 }),
    most: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ what, come, leave, back, most }) => {
    const says = (store: (typeof stores)[number], number: string, at: number): LaneEvent => {
      const head = { ...store, entityId: '1', platformAt: noon + minutes(at) }
      return what === 'persons'
        ? customer({ ...head, email: `${number}@x.at` })
        : product({ ...head, variants: [{ id: '1', sku: number, options: [] }] as never })
    }
    const own = ({ source, storeId }: (typeof stores)[number]) => `own-${source}-${storeId}`
    const events = [
      ...come.map((store, at) => says(store, 'shared', at)),
      ...leave.filter((store) => come.includes(store)).map((store, at) => says(store, own(store), 20 + at)),
      ...back.map((store, at) => says(store, 'shared', 40 + at)),
    ]
    return { events, most }
  })
