import { fc, test } from '@fast-check/vitest'
import { consumeAll } from '@varai/testkit'
import { test as example, expect } from 'vitest'
import { applierOver, recordChangesOf, type ToldChange } from '../../test/apply.ts'
import { decoded, deletion, noon, order } from '../../test/events.ts'
import { createMemoryStores } from '../../test/memory-stores.ts'
import type { Event } from '../pure/admit.ts'
import { imageOfRecord, withoutChange } from '../pure/change/record-change.ts'
import { textOf } from '../pure/plain.ts'
import type { RecordState } from '../pure/record.ts'

const atOnce = async () => undefined
type Stores = ReturnType<typeof createMemoryStores>

/** One process over the stores, with what it remembers. */
const processOver = (
  stores: Stores,
  tell: (change: ToldChange) => Promise<void>,
  step: () => Promise<void> = atOnce,
) => {
  const telling = recordChangesOf(tell, 2)
  const apply = applierOver(stores.storesFor(step), ...unsaid, telling)
  return (events: readonly Event[]) => apply(events.map(decoded))
}
const unsaid = [undefined, undefined, undefined, undefined, undefined, undefined] as const

const textOfRecord = (record: RecordState) => {
  const image = imageOfRecord(record)
  return image === undefined ? null : textOf(image)
}
const stored = ({ records }: Stores) =>
  new Map([...records.values()].map((record) => [record.id, textOfRecord(record)] as const))
function newestOf(told: readonly ToldChange[]) {
  const newest = new Map<string, ToldChange>()
  for (const change of told)
    if (change.version > (newest.get(change.documentId)?.version ?? 0)) newest.set(change.documentId, change)
  return new Map([...newest].map(([id, { after }]) => [id, after]))
}
const idsOf = (told: readonly ToldChange[]) => new Set(told.map(({ changeId }) => changeId))

const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 2, nil: null })
const head = fc.record({
  entityId: fc.constantFrom('1', '2'),
  platformAt: fc.nat(4).map((at) => noon + at),
  triggeredAt: fc.constantFrom(null, noon, noon + 1),
})
const said = fc.record({
  status: perhaps(fc.constantFrom('pending', 'paid')),
  total: perhaps(fc.constantFrom('1', '2')),
})
const anything = fc.oneof(
  { arbitrary: fc.tuple(head, said).map(([of, rest]): Event => order({ ...of, ...rest })), weight: 5 },
  { arbitrary: head.map((of): Event => deletion('order', of)), weight: 1 },
)
const batches = fc.array(fc.array(anything, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 })

test.prop([batches, fc.infiniteStream(fc.nat(1_000_000))], { numRuns: 1_000 })(
  'however consumers interleave, linger and die: of every record the last change is told, and no version says two things',
  async (all, chance) => {
    const stores = createMemoryStores()
    const told: ToldChange[] = []
    const work = async (events: readonly Event[], step: () => Promise<void>) => {
      const tell = async (change: ToldChange) => {
        await step()
        told.push(change)
      }
      await processOver(stores, tell, step)(events)
    }
    await consumeAll(all, { choose: (below) => (chance.next().value ?? 0) % Math.max(1, below), work })
    expect(newestOf(told)).toEqual(stored(stores))
    for (const [, same] of Map.groupBy(told, ({ changeId }) => changeId)) {
      expect(new Set(same.map(({ at: _, ...change }) => JSON.stringify(change))).size).toBe(1)
    }
    const before = idsOf(told)
    const again = processOver(stores, async (change) => void told.push(change))
    for (const events of all) await again(events)
    expect(idsOf(told)).toEqual(before)
  },
  300_000,
)

const told = async (...steps: Event[]) => {
  const all: ToldChange[] = []
  const apply = processOver(createMemoryStores(), async (change) => void all.push(change))
  for (const event of steps) await apply([event])
  return all
}

example('a new order: all that it says, and the event that said it', async () => {
  const [change] = await told(order({ total: '12.5', createdAt: noon, eventId: 'e1', cleared: ['note'] }))
  expect(change).toMatchObject({
    ...{ changeId: 'orders|optik|shopify|north|1|1', collection: 'orders', documentId: 'optik|shopify|north|1' },
    ...{ merchantId: 'optik', version: 1, kind: 'created', before: null, causes: ['e1'], rule: null, afterIs: 'whole' },
  })
  expect(JSON.parse(change?.after ?? '')).toMatchObject({
    total: '12.5',
    createdAt: noon,
    platformId: '1',
    refunds: [],
  })
  expect(change?.after).not.toMatch(/fold|note|version|merchantId/)
  expect(change?.fields).toEqual(expect.arrayContaining(['total', 'createdAt', 'updatedAt']))
})

example('an update names what differs, what it was before, and the events', async () => {
  const refund = { id: '7', total: '3', lines: [], transactions: [], adjustments: [] }
  const changes = await told(
    order({ total: '12', status: 'pending' }),
    order({ platformAt: noon + 1, status: 'paid', refunds: [refund], eventId: 'e2' }),
  )
  expect(changes[1]).toMatchObject({
    ...{ version: 2, kind: 'updated', fields: ['refunds', 'status', 'updatedAt'], causes: ['e2'] },
    before: `{"refunds":[],"status":"pending","updatedAt":${noon}}`,
  })
})

example(
  'what repeats itself, or comes too late to be seen, is no change; what was told is not told again',
  async () => {
    const first = order({ total: '12', platformAt: noon + 5 })
    expect(await told(first, first, order({ total: '11', platformAt: noon + 4 }))).toHaveLength(1)
  },
)

example('a deleted order is gone, whatever is said of it afterwards; one that comes back says everything', async () => {
  const changes = await told(
    order({ total: '12' }),
    deletion('order', { platformAt: noon + 2, eventId: 'gone' }),
    order({ platformAt: noon + 1, status: 'paid' }),
    order({ platformAt: noon + 3, eventId: 'back' }),
  )
  expect(changes.map(({ version, kind, afterIs }) => [version, kind, afterIs])).toEqual([
    [1, 'created', 'whole'],
    [2, 'deleted', 'gone'],
    [4, 'updated', 'whole'],
  ])
  expect(changes[1]).toMatchObject({ after: null, fields: ['deleted'], causes: ['gone'] })
  expect(changes[2]).toMatchObject({ before: '{"deleted":true}', causes: expect.arrayContaining(['back']) })
})

example('a record that an older release saved is told as it is', async () => {
  const stores = createMemoryStores()
  const all: ToldChange[] = []
  const event = order({ total: '12' })
  await processOver(stores, atOnce)([event])
  for (const [name, record] of stores.records) stores.records.set(name, withoutChange(record))
  await processOver(stores, async (change) => void all.push(change))([event])
  expect(all).toMatchObject([{ version: 1, kind: 'updated', fields: [], causes: [], before: null, afterIs: 'whole' }])
})

example('where Kafka is away nothing is committed', async () => {
  const away = processOver(createMemoryStores(), () => Promise.reject(new Error('away')))
  await expect(away([order({ total: '12' })])).rejects.toThrow('away')
})
