import { fc } from '@fast-check/vitest'
import { recordId } from '@varai/schemas'
import { pairOf, type Verdict } from '../../src/pure/project/verdict.ts'
import { customers, products } from '../arbitrary.ts'
import { customer, days, type LaneEvent, noon, product } from '../events.ts'
import { saidBy, shops } from './mixed.ts'

/** Two sides of what was one for a while, and is not any more. */
export type Sides = {
  readonly one: readonly LaneEvent[]
  readonly other: readonly LaneEvent[]
  /** All of them, those that part the sides last. */
  readonly all: readonly LaneEvent[]
}

const spread = 26
const ours = shops.filter(({ merchantId }) => merchantId === 'optik')
const numbered = (id: string, sku: string) => ({ id, sku, options: [] })

/** Accounts that share an address until one of them gets another; frames that share a number until one is renumbered. */
export const sides: fc.Arbitrary<Sides> = fc.constantFrom('persons' as const, 'frames' as const).chain((what) => {
  const said = (names: readonly string[], number: fc.Arbitrary<string>) =>
    fc
      .tuple(
        what === 'persons' ? customers(spread) : products(spread),
        fc.constantFrom(...ours),
        fc.constantFrom(...names),
        number,
      )
      .map(([event, shop, entityId, sku]) => {
        const own = what === 'persons' ? { email: `${sku}@x.at` } : { variants: [numbered('1', sku)] }
        // what is cleared says nothing of an address or a number that stays
        return saidBy(event, {
          ...shop,
          entityId,
          ...own,
          cleared: [],
          complete: { addresses: false, variants: false },
        })
      })
  const ofOne = said(['1', '2'], fc.constant('a'))
  const bridging = said(['1'], fc.constantFrom('b', 'b', 'a'))
  const ofOther = said(['3', '4'], fc.constant('b'))
  return fc
    .record({
      one: fc.array(ofOne, { minLength: 1, maxLength: 4 }),
      bridges: fc.array(bridging, { minLength: 1, maxLength: 3 }),
      other: fc.array(ofOther, { minLength: 1, maxLength: 4 }),
    })
    .map(({ one, bridges, other }) => {
      const parting = bridges.map(partingOf)
      const together = [...one, ...bridges]
      return { one: [...together, ...parting], other, all: [...other, ...together, ...parting] }
    })
})

/** Accounts of which somebody said that they are one, and later that they are not. */
export const spokenOf: fc.Arbitrary<Sides & { readonly verdicts: readonly Verdict[] }> = fc
  .tuple(
    fc.array(accountOf('a', '1', '2'), { minLength: 1, maxLength: 4 }),
    fc.array(accountOf('b', '3', '4'), { minLength: 1, maxLength: 4 }),
    fc.nat(3),
    fc.nat(3),
    fc.boolean(),
  )
  .map(([one, other, first, second, backwards]) => {
    const pair = pairOf(recordOf(one[first % one.length]), recordOf(other[second % other.length]))
    const verdicts: Verdict[] = [
      { id: 'v1', pair, says: 'same', at: 1 },
      { id: 'v2', pair, says: 'not_same', at: 2 },
    ]
    return { one, other, all: [...other, ...one], verdicts: backwards ? verdicts.reverse() : verdicts }
  })

function accountOf(name: string, ...ids: string[]): fc.Arbitrary<LaneEvent> {
  return fc
    .tuple(customers(spread), fc.constantFrom(...ours), fc.constantFrom(...ids))
    .map(([event, shop, entityId]) => saidBy(event, { ...shop, entityId, email: `${name}@x.at`, cleared: [] }))
}

/** The id of the record that an event states. */
export const recordOf = (event: LaneEvent | undefined): string =>
  event === undefined ? '' : recordId({ ...event.value, source: event.value.source })

/** The last word of whoever was on both sides. */
function partingOf({ value: { merchantId, source, storeId, entityId, entityType } }: LaneEvent): LaneEvent {
  const head = { merchantId, source, storeId, entityId, platformAt: noon + days(spread + 1) }
  return entityType === 'customer'
    ? customer({ ...head, email: 'a@x.at' })
    : product({ ...head, variants: [{ ...numbered('1', 'a') }] as never })
}
