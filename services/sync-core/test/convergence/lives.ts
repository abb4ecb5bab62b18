import { fc } from '@fast-check/vitest'
import { customer, days, hours, type LaneEvent, minutes, noon, product } from '../events.ts'

/** What a store says of one thing over time: whole states, as platforms stamp them, and the same states once more. */
export type Life = {
  /** Each with one field edited since the one before. */
  readonly edits: readonly LaneEvent[]
  /** The state of then once more, because of something that no document shows. */
  readonly restated: readonly LaneEvent[]
}

const stores = [
  { source: 'shopify', storeId: 'north' },
  { source: 'woocommerce', storeId: 'south' },
  { source: 'html', storeId: 'west' },
]
type Said = Readonly<Record<string, unknown>>

/** Of persons with one address, and of frames with one number, in several stores. */
export const lives: fc.Arbitrary<Life[]> = fc
  .constantFrom(
    {
      of: (said: Said, at: number) => customer({ ...said, note: `seen ${at}` }),
      state: { email: 'ann@x.at', createdAt: noon } as Said,
      edit: fc.oneof(
        fc.record({ firstName: fc.constantFrom('Ann', 'Anna', 'A.'), lastName: fc.constantFrom('Ost', 'West') }),
        fc.record({ phone: fc.constantFrom('+43 1 5877001', '+43 1 5877002', '+43 1 5877003') }),
        fc.record({ locale: fc.constantFrom('de', 'en', 'fr') }),
        fc.record({ acceptsMarketing: fc.boolean() }),
        fc.record({ preferences: fc.dictionary(fc.constantFrom('shape', 'size'), fc.constantFrom('s', 'm', 'l')) }),
        fc.record({ tags: fc.subarray(['vip', 'press', 'kids']) }),
      ) as fc.Arbitrary<Said>,
    },
    {
      of: (said: Said, at: number) =>
        product({ ...said, variants: [{ id: '1', sku: 'VS-1', inventoryQuantity: at % 97, options: [] }] }),
      state: { createdAt: noon } as Said,
      edit: fc.oneof(
        fc.record({ title: fc.constantFrom('Round', 'Runde', 'Rond') }),
        fc.record({ vendor: fc.constantFrom('Varai', 'Optik') }),
        fc.record({ frameShape: fc.constantFrom('round', 'oval', 'square') }),
        fc.record({ frameColor: fc.constantFrom('black', 'gold') }),
        fc.record({ tags: fc.subarray(['new', 'sale']) }),
      ) as fc.Arbitrary<Said>,
    },
  )
  .chain(({ of, state, edit }) =>
    fc.tuple(
      ...stores.map((store) =>
        fc
          .tuple(
            // one edit a day at most: what the log of a record tells exactly
            fc.uniqueArray(
              fc.record({ day: fc.nat(20), hour: fc.nat(20), edit, again: fc.array(fc.nat(60), { maxLength: 2 }) }),
              { selector: ({ day }) => day, minLength: 1, maxLength: 5 },
            ),
            fc.constantFrom('1', '2'),
          )
          .map(([some, entityId]): Life => {
            const all = [...some].sort((one, other) => one.day - other.day)
            let now: Said = { ...state, ...store, entityId }
            const edits: LaneEvent[] = []
            const restated: LaneEvent[] = []
            for (const [nth, { day, hour, edit: changed, again }] of all.entries()) {
              now = { ...now, ...changed }
              const at = noon + days(day) + hours(hour)
              edits.push(of({ ...now, platformAt: at }, at))
              // until the next edit, or for as long as anything comes in time
              const until = noon + days(all[nth + 1]?.day ?? 28)
              for (const part of again) {
                const platformAt = at + minutes(1) + Math.floor(((until - at - minutes(2)) * part) / 60)
                restated.push(of({ ...now, platformAt }, platformAt))
              }
            }
            return { edits, restated }
          }),
      ),
    ),
  )
