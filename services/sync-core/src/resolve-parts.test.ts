import { fc, test } from '@fast-check/vitest'
import { createInterleaving } from '@varai/testkit'
import { test as example, expect } from 'vitest'
import { applierOver, fixed, shipped } from '../test/apply.ts'
import { inBatches } from '../test/arbitrary.ts'
import { decoded, deletion, type LaneEvent, minutes, noon, product } from '../test/events.ts'
import { createMemoryStores } from '../test/memory-stores.ts'
import type { Question } from './pure/admit.ts'
import { isDeleted } from './pure/fold/existence.ts'

const atOnce = async () => undefined
const woo = { source: 'woocommerce', storeId: 'https://shop.example' } as const
const variant = (id: string) => ({ id, options: [] })

/** The product 1 with some variants, all of them or not. */
const listing = (at: number, ids: readonly string[], whole = false): LaneEvent =>
  product({
    ...{ ...woo, entityId: '1', platformAt: noon + minutes(at) },
    ...{ variants: ids.map(variant), complete: { variants: whole } },
  })
/** A deletion that names an id, which may be that of a product or of a variant. */
const gone = (at: number, id: string): LaneEvent =>
  deletion('product', { ...woo, entityId: id, platformAt: noon + minutes(at) })

type Stores = ReturnType<typeof createMemoryStores>
const variantsIn = ({ records }: Stores, id = `optik|woocommerce|${woo.storeId}|1`) => {
  const record = records.get(`products ${id}`)
  return (
    record && {
      variants: [...(record.lists['variants']?.elements.keys() ?? [])].sort(),
      dead: isDeleted(record.existence),
    }
  )
}

async function after(batches: readonly (readonly LaneEvent[])[]) {
  const stores = createMemoryStores()
  const apply = applierOver(stores.storesFor(atOnce))
  for (const batch of batches) await apply(batch.map(decoded))
  return variantsIn(stores)
}

const events = fc.array(
  fc.oneof(
    fc
      .record({ at: fc.nat(9), ids: fc.uniqueArray(fc.constantFrom('7', '8', '9')), whole: fc.boolean() })
      .map(({ at, ids, whole }) => listing(at, ids, whole)),
    fc.record({ at: fc.nat(9), id: fc.constantFrom('1', '7', '8', '9') }).map(({ at, id }) => gone(at, id)),
  ),
  { minLength: 1, maxLength: 9 },
)
const arrival = events.chain((all) =>
  fc.tuple(
    fc.constant(all),
    fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length, maxLength: 2 * all.length }),
    fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
  ),
)
test.prop([arrival], { numRuns: 300 })(
  'any order, any repetition, any batching: the same variants',
  async ([all, order, sizes]) => {
    expect(await after(inBatches(order, sizes))).toEqual(await after([all]))
  },
)

test.prop([events, fc.infiniteStream(fc.nat(1_000))], { numRuns: 100 })(
  'two consumers at once, whichever comes first at each step',
  async (all, chance) => {
    const stores = createMemoryStores()
    const { start, turn, step, living } = createInterleaving((below) => (chance.next().value ?? 0) % Math.max(1, below))
    for (const which of [0, 1]) {
      const mine = all.filter((_, at) => at % 2 === which)
      start(async (actor) => {
        const apply = applierOver(stores.storesFor(() => turn(actor)))
        for (const event of mine) await apply([decoded(event)])
      })
    }
    while (living().length > 0) await step()
    expect(variantsIn(stores)).toEqual(await after([all]))
  },
)

example.each([
  ['the deletion came last', [listing(1, ['7', '8']), gone(2, '7')], ['8']],
  ['the deletion came first', [gone(2, '7'), listing(1, ['7', '8'])], ['8']],
  ['the variant is stated anew after it', [listing(1, ['7', '8']), gone(2, '7'), listing(3, ['7'])], ['7', '8']],
  ['the same deletion again after that', [gone(2, '7'), listing(3, ['7', '8']), gone(4, '7')], ['8']],
])('a deletion that names a variant alone takes it out of its product: %s', async (_, events, variants) => {
  expect(await after(events.map((event) => [event]))).toEqual({ variants, dead: false })
  expect(await after([events])).toEqual({ variants, dead: false })
})

example(
  'whoever dies after a variant was taken out, and before that is shown: the deletion comes again, and it is',
  async () => {
    const stores = createMemoryStores()
    const open = stores.storesFor(atOnce)
    const apply = applierOver(open)
    await apply([listing(1, ['7', '8'])].map(decoded))
    const killed = { ...open.catalog, reaching: () => Promise.reject(new Error('killed')) }
    await expect(applierOver({ ...open, catalog: killed })([decoded(gone(2, '7'))])).rejects.toThrow('killed')
    expect(variantsIn(stores)).toEqual({ variants: ['8'], dead: false })
    await apply([decoded(gone(2, '7'))])
    const item = stores.catalog.get(`optik|woocommerce|${woo.storeId}|1|7`)
    expect(item?.content).toMatchObject({ deleted: true })
  },
)

example('a product without variants, which is its own only one, keeps it in the trash', async () => {
  expect(await after([[listing(1, ['1'])], [gone(2, '1')]])).toEqual({ variants: ['1'], dead: true })
})

example('where variants are numbered by themselves, a product of that number is another thing', async () => {
  const stores = createMemoryStores()
  const apply = applierOver(stores.storesFor(atOnce))
  await apply(
    [product({ entityId: '1', variants: [variant('7')] }), deletion('product', { entityId: '7' })].map(decoded),
  )
  expect(variantsIn(stores, 'optik|shopify|north|1')).toEqual({ variants: ['7'], dead: false })
})

example('another store’s variant of that number stays', async () => {
  const other = product({ ...woo, storeId: 'https://other.example', entityId: '1', variants: [variant('7')] })
  const stores = createMemoryStores()
  const apply = applierOver(stores.storesFor(atOnce))
  await apply([other, gone(2, '7')].map(decoded))
  expect(variantsIn(stores, 'optik|woocommerce|https://other.example|1')).toMatchObject({ variants: ['7'] })
})

example('a deletion without a time is asked about, and changes nothing by itself', async () => {
  const stores = createMemoryStores()
  const asked: Question[] = []
  const ask = async (question: Question) => void asked.push(question)
  const apply = applierOver(stores.storesFor(atOnce), atOnce, fixed(shipped), ask)
  const deleted = deletion('product', {
    ...woo,
    entityId: '7',
    platformAt: noon,
    confirmed: false,
    eventId: 'woo|s|d|0',
  })
  expect(await apply([listing(1, ['7']), deleted, deleted].map(decoded))).toEqual([
    ...[{ kind: 'done' }, { kind: 'done' }, { kind: 'done' }],
  ])
  expect(variantsIn(stores)).toEqual({ variants: ['7'], dead: false })
  expect(asked).toHaveLength(2)
  expect(asked[0]).toEqual({
    ...{ merchantId: 'optik', platform: 'woocommerce', storeId: woo.storeId, entityType: 'product', entityId: '7' },
    ...{ reason: 'unconfirmed-delete', causeEventId: 'woo|s|d|0', platformAt: noon },
  })
  const away = applierOver(stores.storesFor(atOnce), atOnce, fixed(shipped), () =>
    Promise.reject(new Error('no broker')),
  )
  await expect(away([decoded(deleted)])).rejects.toThrow('no broker')
})
