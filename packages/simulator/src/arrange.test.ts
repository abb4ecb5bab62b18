import { fc, test as propertyTest } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { arrange } from './arrange.ts'

const items = Array.from({ length: 200 }, (_, index) => index)

test('as they come, once, when nothing else is said', () => {
  expect([...arrange(items)]).toEqual(items)
})

propertyTest.prop({
  seed: fc.nat(),
  shuffle: fc.oneof(fc.constantFrom('none' as const, 'total' as const), fc.record({ window: fc.nat(300) })),
})('each comes as often as drawn for it, between the two numbers, in every order', ({ seed, shuffle }) => {
  const sent = [...arrange(items, { seed, shuffle, repeat: [1, 4] })]
  const counts = items.map((item) => sent.filter((each) => each === item).length)
  expect(sent.length).toBe(counts.reduce((sum, count) => sum + count, 0))
  expect(counts.every((count) => count >= 1 && count <= 4)).toBe(true)
  expect(new Set(counts).size).toBeGreaterThan(1)
})

describe('order', () => {
  const moved = (sent: readonly number[]) => Math.max(...sent.map((item, index) => index - item))

  test('is lost altogether by a total shuffle', () => {
    const sent = [...arrange(items, { shuffle: 'total' })]
    expect(sent.toSorted((one, other) => one - other)).toEqual(items)
    expect(moved(sent)).toBeGreaterThan(100)
  })

  test('is lost nearby by a window, which takes no more than it holds', () => {
    let taken = 0
    function* counted() {
      for (const item of items) {
        taken += 1
        yield item
      }
    }
    const sent: number[] = []
    for (const item of arrange(counted(), { shuffle: { window: 10 } })) {
      sent.push(item)
      expect(taken - sent.length).toBeLessThanOrEqual(10)
    }
    expect(sent).not.toEqual(items)
    expect(sent.toSorted((one, other) => one - other)).toEqual(items)
  })

  test('is the seed’s', () => {
    const sent = (seed: number) => [...arrange(items, { shuffle: 'total', seed, repeat: [1, 3] })]
    expect(sent(1)).toEqual(sent(1))
    expect(sent(1)).not.toEqual(sent(2))
  })
})
