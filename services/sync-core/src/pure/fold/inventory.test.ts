import { expect, test } from 'vitest'
import { contentOf, foldInBatches } from '../../../test/documents.ts'
import { deletion, inventory, minutes, noon, statement } from '../../../test/events.ts'

const at = (minute: number) => ({ entityId: 'item', platformAt: noon + minutes(minute) })
const level = (minute: number, locationId: string, available: number | null) =>
  statement(inventory({ ...at(minute), locationId, available, cleared: available === null ? ['available'] : [] }))
const disconnected = (minute: number, childId: string) =>
  statement(deletion('inventory', { ...at(minute), eventName: 'inventory_sync', childId, confirmed: true }))

/** Every order of some statements, each told twice. */
function* orders<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield []
  for (const [index, item] of items.entries())
    for (const rest of orders(items.toSpliced(index, 1))) yield [item, ...rest, item]
}

test.each([
  ['an item lies in several places', [level(1, 'a', 5), level(2, 'b', 7), level(3, 'a', 4)], { a: 4, b: 7 }],
  ['a place that keeps it no more is gone', [level(1, 'a', 5), level(2, 'b', 7), disconnected(3, 'a')], { b: 7 }],
  ['what is older than that does not bring it back', [level(1, 'a', 5), level(2, 'a', 6), disconnected(3, 'a')], {}],
  ['it comes back with what it says later', [level(1, 'a', 5), disconnected(2, 'a'), level(3, 'a', 0)], { a: 0 }],
  [
    'a place where nobody counts stays one',
    [level(1, 'a', 5), level(2, 'a', null), level(3, 'b', -2)],
    { a: null, b: -2 },
  ],
])('%s, in whatever order it is told', (_, statements, locations) => {
  const [first, ...others] = [...orders(statements)].map((told) => contentOf(foldInBatches(told.map((one) => [one]))))
  expect(others.length).toBe(5)
  for (const other of others) expect(other).toEqual(first)
  const held = foldInBatches([statements]).lists['locations']?.elements ?? new Map()
  expect(Object.fromEntries([...held].map(([id, { value }]) => [id, value['available'] ?? null]))).toEqual(locations)
})
