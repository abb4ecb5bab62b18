import { fc } from '@fast-check/vitest'
import type { Event } from '../src/pure/admit.ts'
import { momentOf, platformAtOf } from '../src/pure/moment.ts'
import type { Statement } from '../src/pure/statement.ts'
import {
  analysed,
  consented,
  customer,
  days,
  deletion,
  erasure,
  hours,
  interaction,
  inventory,
  type LaneEvent,
  minutes,
  noon,
  order,
  product,
  recommended,
  session,
  statements,
} from './events.ts'

/** Times that tie often, or lie on the edges of minutes, hours and days, up to `spread` days apart. */
const times = (spread: number) =>
  fc.oneof(
    fc.constantFrom(noon, noon + 1, noon + days(spread)),
    fc
      .tuple(fc.nat(spread), fc.constantFrom(0, 1, 2, 23), fc.constantFrom(0, 1, 59), fc.constantFrom(0, 1, 59_999))
      .map(([day, hour, minute, ms]) => noon + days(day) + hours(hour) + minutes(minute) + ms),
  )

/** The envelope: times that tie now and then, and events that come again under one id with other words. */
const envelope = (spread: number) =>
  fc
    .record({
      platformAt: times(spread),
      triggeredAt: fc.constantFrom(null, noon, noon + 1),
      again: fc.option(fc.constantFrom('twice-a', 'twice-b'), { freq: 2, nil: undefined }),
      ahead: fc.constantFrom(0, 0, 0, hours(3)),
    })
    .map(({ platformAt, triggeredAt, again, ahead }) => ({
      platformAt,
      triggeredAt,
      at: platformAt - ahead,
      ...(again === undefined ? {} : { eventId: again }),
    }))

const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 3, nil: null })
const someOf = (names: readonly string[]) => fc.subarray([...names])
const ids = fc.constantFrom('1', '2', '10', 'a.b', '$set')

const addresses = fc.array(
  fc.record({
    id: perhaps(ids),
    address1: perhaps(fc.constantFrom('Ring 1', 'ring  1', 'Ring 2')),
    city: fc.constantFrom('Wien', 'Graz'),
    zip: perhaps(fc.constantFrom('1010', '8010')),
  }),
  { maxLength: 3 },
)
export const customers = (spread: number): fc.Arbitrary<Event> =>
  fc
    .tuple(
      envelope(spread),
      fc.record({
        email: perhaps(fc.constantFrom('a@x.at', 'B@x.at ', 'nonsense')),
        firstName: perhaps(fc.constantFrom('Ann', 'Bea')),
        acceptsMarketing: perhaps(fc.boolean()),
        createdAt: perhaps(fc.constantFrom(noon, noon - days(1))),
        note: perhaps(fc.constantFrom('a note that is too long to stand for itself', 'short')),
        tags: perhaps(fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 })),
        preferences: perhaps(fc.dictionary(fc.constantFrom('frame.shape', '$size', '__proto__'), fc.constant('round'))),
        addresses: perhaps(addresses),
        cleared: someOf(['firstName', 'note', 'addresses', 'no field of ours']),
        complete: fc.record({ addresses: fc.boolean() }),
      }),
    )
    .map(([head, said]) => customer({ ...head, ...said }))

const money = fc.constantFrom('0', '12.5', '-3.000001', '99999999999999')
export const orders = (spread: number): fc.Arbitrary<Event> =>
  fc
    .tuple(
      envelope(spread),
      fc.record({
        // one whose customer changes is of whoever was named when it was looked at
        customerId: perhaps(fc.constant('c-1')),
        status: perhaps(fc.constantFrom('pending', 'paid')),
        total: perhaps(money),
        cancelledAt: perhaps(fc.constantFrom(noon, noon + 1)),
        email: perhaps(fc.constantFrom('a@x.at', 'b@x.at')),
        note: perhaps(fc.constantFrom('ring twice', 'leave it at the door')),
        billingAddress: perhaps(
          fc.record({
            lastName: perhaps(fc.constantFrom('Ann', 'Bea')),
            countryCode: perhaps(fc.constantFrom('AT', 'DE')),
          }),
        ),
        items: perhaps(
          fc.array(
            fc.record({ sku: perhaps(ids), price: perhaps(money), prescription: perhaps(fc.constantFrom('-1', '+2')) }),
            {
              maxLength: 2,
            },
          ),
        ),
        refunds: perhaps(
          fc.array(
            fc.record({
              id: ids,
              note: perhaps(fc.constantFrom('too wide', 'too dear')),
              createdAt: perhaps(times(1)),
              total: perhaps(money),
            }),
            { maxLength: 2 },
          ),
        ),
        fulfilments: perhaps(
          fc.array(fc.record({ id: ids, status: perhaps(fc.constant('success')) }), { maxLength: 2 }),
        ),
        cleared: someOf(['status', 'refunds', 'email', 'billingAddress']),
        complete: fc.record({ refunds: fc.boolean(), fulfilments: fc.boolean() }),
      }),
    )
    .map(([head, said]) => order({ ...head, ...said }))

const variant = fc.record({
  id: ids,
  sku: perhaps(fc.constantFrom('VS-1', 'vs-2 ', 'n/a')),
  barcode: perhaps(fc.constantFrom('4006381333931', '123')),
  price: perhaps(money),
  position: perhaps(fc.nat(2)),
  inventoryQuantity: perhaps(fc.nat(9)),
})
export const products = (spread: number): fc.Arbitrary<Event> =>
  fc
    .tuple(
      envelope(spread),
      fc.record({
        title: perhaps(fc.constantFrom('Round', 'Square')),
        description: perhaps(fc.constantFrom('<p>A frame as light as a feather</p>', '')),
        variants: perhaps(fc.array(variant, { maxLength: 3 })),
        cleared: someOf(['title']),
        complete: fc.record({ variants: fc.boolean() }),
      }),
    )
    .map(([head, said]) => product({ ...head, ...said }))

export const stock = (spread: number): fc.Arbitrary<Event> =>
  fc
    .tuple(
      envelope(spread),
      fc.record({ locationId: perhaps(ids), available: perhaps(fc.integer()), sku: perhaps(ids) }),
    )
    .map(([head, said]) => inventory({ ...head, ...said }))

const levels = fc.constantFrom('basic', 'enhanced', 'research')
const persons = perhaps(fc.constantFrom('c-1', 'c-2'))
const analysis = fc.record({ faceShape: perhaps(fc.constantFrom('oval', 'round')), consentLevel: perhaps(levels) })

/** What may be said of one session, by whichever record. */
export const sessionEvents = (spread: number): fc.Arbitrary<Event> => {
  const said = <T, E>(facts: fc.Arbitrary<T>, make: (given: T & object) => E) =>
    fc
      .tuple(envelope(spread), fc.record({ consentLevel: perhaps(levels) }), facts)
      .map(([head, level, own]) => make({ ...head, ...level, ...own }))
  return fc.oneof(
    said(
      fc.record({
        customerId: persons,
        startedAt: perhaps(fc.constantFrom(noon, noon + 500)),
        completedAt: perhaps(fc.constantFrom(noon, noon + minutes(5))),
        durationSeconds: perhaps(fc.constantFrom(12.5, 300)),
        outcome: perhaps(fc.constantFrom('recommended', 'left')),
        faceAnalysis: perhaps(analysis),
        conversation: perhaps(fc.constant([{ role: 'shopper', text: 'round ones', at: noon }])),
        metadata: fc.constantFrom({}, { device: 'mobile' }),
        cleared: someOf(['outcome', 'customerId', 'faceAnalysis']),
      }),
      session,
    ),
    said(fc.record({ customerId: persons, analysis }), analysed),
    said(
      fc.record({ customerId: persons, recommendationId: ids, items: fc.constantFrom([], [{ sku: 'VS-1' }]) }),
      recommended,
    ),
    said(
      fc.record({ interactionId: ids, interactionType: fc.constant('product_viewed'), productId: ids }),
      interaction,
    ),
    said(
      fc.record({ level: perhaps(levels), customerId: persons }).map((facts) => ({
        ...{ ...facts, entityId: 'session:1', sessionId: '1' },
      })),
      consented,
    ),
  )
}

export const gone = (spread: number, entityType: string): fc.Arbitrary<Event> =>
  fc
    .tuple(
      envelope(spread),
      fc.record({
        reason: fc.constantFrom('deleted', 'swept'),
        terminal: fc.boolean(),
        childId: entityType === 'product' ? fc.option(ids, { nil: null }) : fc.constant(null),
      }),
    )
    .map(([head, said]) => deletion(entityType, { ...head, ...said }))

/** Somebody wants what is known of them erased: of one account, or of all. */
export const erasures = (
  spread: number,
  shop: fc.Arbitrary<{ readonly merchantId: string; readonly source: string; readonly storeId: string }>,
): fc.Arbitrary<LaneEvent> =>
  fc
    .record({
      shop,
      platformAt: times(spread),
      customerId: fc.constantFrom('c-1', 'c-2'),
      orderIds: fc.constantFrom([], ['o-1']),
      scope: fc.constantFrom('record', 'person'),
    })
    .chain(({ shop: by, ...facts }) => {
      const whole = { ...facts, kind: 'shop_redact', customerId: null, orderIds: [], scope: 'record' }
      return fc.constantFrom(facts, facts, facts, whole).map((asked) => erasure({ ...by, ...asked }))
    })

/** Statements about one entity, of any kind, over `spread` days. */
export const statementsOfOne = (spread: number, most = 14): fc.Arbitrary<Statement[]> =>
  fc
    .oneof(
      ...[
        { of: customers(spread), entityType: 'customer' },
        { of: orders(spread), entityType: 'order' },
        { of: products(spread), entityType: 'product' },
        { of: stock(spread), entityType: 'inventory' },
        { of: sessionEvents(spread), entityType: 'ai_session' },
      ].map(({ of, entityType }) =>
        fc.array(fc.oneof({ arbitrary: of, weight: 6 }, { arbitrary: gone(spread, entityType), weight: 1 }), {
          minLength: 1,
          maxLength: most,
        }),
      ),
    )
    .map((events) => events.flatMap(statements))
    .map((all) =>
      all.filter(({ recordId, kind }) => recordId === 'optik|shopify|north|1' && kind.entityType !== undefined),
    )
    .filter((all) => all.length > 0)
    .chain((all) => erasuresOf(all[0], spread).map((erasures) => [...all, ...erasures]))

/** Now and then somebody has it erased: all of it, or of an order what is personal. */
function erasuresOf(of: Statement | undefined, spread: number): fc.Arbitrary<Statement[]> {
  if (of === undefined) return fc.constant([])
  const extent = of.kind.outlivesPersons
    ? fc.constantFrom('whole' as const, 'personal' as const)
    : fc.constant('whole' as const)
  const erasure = fc
    .tuple(times(spread), extent, fc.constantFrom('sub_a', 'sub_b'))
    .map(([platformAt, extent, subject]): Statement => {
      const moment = momentOf({ platformAt, triggeredAt: null, eventId: 'redacted' })
      return { ...of, moment, at: platformAt, says: { what: 'erased', extent, subject } }
    })
  return fc.oneof(
    { arbitrary: fc.constant<Statement[]>([]), weight: 2 },
    { arbitrary: fc.array(erasure, { minLength: 1, maxLength: 2 }), weight: 1 },
  )
}

/** The same statements in another order, some of them several times, in batches. */
export const delivered = (statements: readonly Statement[]): fc.Arbitrary<Statement[][]> =>
  fc
    .tuple(
      fc.shuffledSubarray([...statements, ...statements], { minLength: statements.length }),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
    )
    .map(([some, sizes]) => inBatches([...some, ...statements.filter((each) => !some.includes(each))], sizes))

/** As above, but nothing comes more than 29 days (by the stores' clocks) after something newer than it. */
export const deliveredInTime = (statements: readonly Statement[]): fc.Arbitrary<Statement[][]> =>
  fc
    .tuple(fc.infiniteStream(fc.nat(1000)), fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }))
    .map(([choices, sizes]) => {
      const waiting = [...statements].sort((one, other) => (one.moment < other.moment ? -1 : 1))
      const order: Statement[] = []
      while (waiting.length > 0) {
        const latest = platformAtOf(waiting[0]?.moment ?? '') + days(29)
        const ready = waiting.filter(({ moment }) => platformAtOf(moment) <= latest)
        const chosen = ready[(choices.next().value ?? 0) % ready.length]
        if (chosen === undefined) break
        order.push(chosen)
        waiting.splice(waiting.indexOf(chosen), 1)
      }
      return inBatches(order, sizes)
    })

export function inBatches<T>(all: readonly T[], sizes: readonly number[]): T[][] {
  const batches: T[][] = []
  for (let at = 0, nth = 0; at < all.length; nth += 1) {
    const size = sizes[nth % sizes.length] ?? 1
    batches.push(all.slice(at, at + size))
    at += size
  }
  return batches
}
