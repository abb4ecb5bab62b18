import { fc } from '@fast-check/vitest'
import type { Event } from '../../src/pure/admit.ts'
import type { PlainObject } from '../../src/pure/plain.ts'
import type { Asked } from '../../src/pure/policy/answer-asked.ts'
import { type Policy, type Rules, strategies } from '../../src/pure/policy/policy.ts'
import type { Says } from '../../src/pure/project/verdict.ts'
import { shipped } from '../apply.ts'
import { customers, erasures, gone, orders, products, sessionEvents, stock } from '../arbitrary.ts'
import type { LaneEvent } from '../events.ts'

/** Who speaks: a store of a platform, of one of two merchants. Names of stores are the same for both. */
type Shop = { readonly merchantId: string; readonly source: string; readonly storeId: string }
export const shops: readonly Shop[] = ['optik', 'rival'].flatMap((merchantId) =>
  ['shopify', 'woocommerce', 'html'].flatMap((source) =>
    ['north', 'south'].map((storeId) => ({ merchantId, source, storeId })),
  ),
)

/** The same event, said by another store, of another thing, or with other facts. */
export const saidBy = (event: Event, facts: Readonly<Record<string, unknown>>): LaneEvent =>
  // whoever calls it names fields of the record
  ({ record: event.record, value: { ...event.value, ...facts } }) as unknown as LaneEvent

/** Events about a few things of some stores, which often concern one another, over `spread` days. */
export function mixedEvents(spread: number, most: number): fc.Arbitrary<LaneEvent[]> {
  const some = (of: readonly Shop[]) => fc.subarray([...of], { minLength: 1, maxLength: 4 })
  const among = fc.oneof(
    { arbitrary: some(shops.filter(({ merchantId }) => merchantId === 'optik')), weight: 3 },
    { arbitrary: some(shops), weight: 2 },
    { arbitrary: fc.constant([...shops]), weight: 1 },
  )
  return among.chain((all) => {
    const shop = fc.constantFrom(...all)
    const of = (events: fc.Arbitrary<Event>, ...ids: string[]) =>
      fc.tuple(events, shop, fc.constantFrom(...ids)).map(([event, by, entityId]) => saidBy(event, { ...by, entityId }))
    const ended = (entityType: string, ...ids: string[]) =>
      fc
        .tuple(of(gone(spread, entityType), ...ids), fc.nat(4))
        .map(([event, chance]) => saidBy(event, { confirmed: chance > 0 }))
    const stated = fc
      .tuple(of(customers(spread), 'c-1', 'c-2'), fc.constantFrom('a@x.at', 'A@X.at', 'b@x.at', undefined))
      .map(([event, email]) => (email === undefined ? event : saidBy(event, { email })))
    const erased = erasures(spread, shop)
    const persons = fc.oneof(
      { arbitrary: stated, weight: 6 },
      { arbitrary: erased, weight: 1 },
      { arbitrary: ended('customer', 'c-1', 'c-2'), weight: 1 },
    )
    const frames = fc.oneof(
      { arbitrary: of(products(spread), '1', '2'), weight: 6 },
      { arbitrary: ended('product', '1', '2', '10'), weight: 1 },
    )
    // a session's id is its own: only the store that it is of differs
    const assistant = fc.tuple(sessionEvents(spread), shop).map(([event, by]) => saidBy(event, by))
    const rest = fc.oneof(of(orders(spread), 'o-1'), of(stock(spread), '1'), ended('order', 'o-1'), erased)
    const theme = fc.constantFrom(
      ...[
        fc.oneof({ arbitrary: persons, weight: 5 }, { arbitrary: assistant, weight: 1 }),
        fc.oneof(
          { arbitrary: persons, weight: 3 },
          { arbitrary: assistant, weight: 6 },
          { arbitrary: erased, weight: 1 },
        ),
        frames,
        fc.oneof(persons, frames, assistant, rest),
      ],
    )
    return theme.chain((event) => fc.array(event, { minLength: 1, maxLength: most, size: 'max' }))
  })
}

/** Policies that follow one another, each with rules of its own. */
export const policies: fc.Arbitrary<Policy[]> = fc
  .array(
    fc.record({
      name: fc.constantFrom(...strategies),
      email: fc.constantFrom(...strategies),
      tags: fc.constantFrom(...strategies),
      title: fc.constantFrom(...strategies),
      price: fc.constantFrom(...strategies, 'per_store' as const),
      backwards: fc.boolean(),
      forOne: fc.boolean(),
    }),
    { minLength: 0, maxLength: 2 },
  )
  .map((all) => [
    shipped,
    ...all.map(({ name, email, tags, title, price, backwards, forOne }, at): Policy => {
      const with_ = (rules: Rules, ways: Readonly<Record<string, Rules[string]['strategy']>>): Rules =>
        Object.fromEntries(
          Object.entries(rules).map(([group, rule]) => [
            group,
            {
              ...{ ...rule, strategy: ways[group] ?? rule.strategy },
              priority: backwards ? [...rule.priority].reverse() : rule.priority,
            },
          ]),
        )
      const rules = {
        identity: shipped.rules.identity,
        users: with_(shipped.rules.users, { name, email, tags }),
        catalog: with_(shipped.rules.catalog, { title, price, tags }),
      }
      return forOne
        ? { version: shipped.version + at + 1, rules: shipped.rules, merchants: { rival: rules } }
        : { version: shipped.version + at + 1, rules, merchants: {} }
    }),
  ])

/** What an operator asks for, after so many of a hundred parts of the events. */
export type Wish = { readonly after: number } & (WishedValue | WishedVerdict)

/** Of whichever document and group there is. */
export type WishedValue = {
  readonly collection: 'users' | 'catalog'
  readonly document: number
  readonly group: string
  readonly what: Asked['what']
  readonly member: number
  /** What is given, where something is. */
  readonly values: PlainObject
  readonly pinned: boolean
}
/** Of whichever two customers there are. */
type WishedVerdict = {
  readonly collection: 'verdicts'
  readonly one: number
  readonly other: number
  readonly says: Says
}

/**
 * Of each group of a document, what somebody may give that no store states, that one states in other words, that says
 * nothing of some fields, and that cannot be.
 */
const givable: Readonly<Record<'users' | 'catalog', Readonly<Record<string, readonly PlainObject[]>>>> = {
  users: {
    name: [{ firstName: 'Eva' }, { firstName: 'Ann ', lastName: 'Ost' }, { lastName: null }],
    email: [{ email: 'eva@x.at' }, { email: 'A@X.AT' }, { email: 'nobody' }],
    tags: [{ tags: ['given'] }, { tags: ['y', 'x'] }, { tags: [] }],
    preferences: [{ preferences: { 'frame.shape': 'oval', $size: 'm' } }, { preferences: {} }],
    addresses: [{ addresses: [{ city: 'Linz', zip: '4020' }] }, { addresses: [{ city: 'WIEN', zip: ' 1010' }] }],
  },
  catalog: {
    title: [{ title: 'Given' }, { title: ' Round' }, { title: '' }],
    tags: [{ tags: ['given', 'x'] }],
    sku: [{ sku: 'VS-9' }, { sku: 'vs-1' }, { sku: 'n/a' }],
    price: [{ price: '12.5', currency: 'EUR' }, { price: '1', currency: 'dukats' }, { title: 'of another group' }],
  },
}

const wishedValue: fc.Arbitrary<Wish> = fc
  .constantFrom(
    ...(['users', 'catalog'] as const).flatMap((collection) =>
      Object.entries(givable[collection]).map(([group, values]) => ({ collection, group, values })),
    ),
  )
  .chain(({ collection, group, values }) =>
    fc.record({
      ...{ collection: fc.constant(collection), group: fc.constant(group), values: fc.constantFrom(...values) },
      ...{ after: fc.nat(100), document: fc.nat(20), member: fc.nat(3), pinned: fc.boolean() },
      what: fc.constantFrom(...(['take', 'take', 'give', 'give', 'pin', 'withdraw'] as const)),
    }),
  )
const wishedVerdict: fc.Arbitrary<Wish> = fc.record({
  ...{ after: fc.nat(100), collection: fc.constant('verdicts' as const), one: fc.nat(5), other: fc.nat(5) },
  says: fc.constantFrom('same' as const, 'same' as const, 'not_same' as const, 'unsure' as const),
})
export const wishes = fc.array(fc.oneof(wishedValue, wishedVerdict), { maxLength: 4 })
/** Of values alone. */
export const wishedValues = fc.array(wishedValue, { maxLength: 3 })
