import { describe, expect, test } from 'vitest'
import type { PlainObject } from '../plain.ts'
import { review } from './review.ts'

const side = (record: string, phone: string, fate: string): PlainObject => ({
  record,
  values: { phone },
  fate,
  since: 1,
  event: `e-${record}`,
})
const shown = (over: PlainObject = {}): PlainObject => ({
  conflicts: [
    {
      ...{ group: 'phone', fields: ['phone'], open: false, since: 5, rule: 'last_write_wins' },
      sides: [side('a', '1', 'shown'), side('b', '2', 'outvoted')],
      ...over,
    },
  ],
})

describe('an entry', () => {
  test('is opened with both sides, and stays as it is while nothing about it changes', () => {
    const opened = review([], shown(), 100)
    expect(opened).toMatchObject([
      { group: 'phone', state: 'settled', rule: 'last_write_wins', since: 5, openedAt: 100, changedAt: 100 },
    ])
    expect(opened[0]?.sides).toHaveLength(2)
    expect(review(opened, { ...shown(), firstName: 'Ann' }, 200)).toEqual(opened)
  })
  test('follows the rule, the decision and the sides', () => {
    const opened = review([], shown({ open: true, rule: 'manual_review' }), 100)
    expect(opened).toMatchObject([{ state: 'open' }])
    expect(review(opened, shown({ rule: 'decision', decision: 'd1' }), 200)).toMatchObject([
      { state: 'settled', decision: 'd1', openedAt: 100, changedAt: 200 },
    ])
  })
  test.each([
    ['agreed', { conflicts: [] }],
    ['redirected', { redirectTo: 'x' }],
    ['deleted', { conflicts: [], deleted: true }],
  ] as const)('closes itself when it is over, and says why: %s', (because, image) => {
    const closed = review(review([], shown(), 100), image, 200)
    expect(closed).toMatchObject([{ state: 'closed', openedAt: 100, changedAt: 200, closed: { at: 200, because } }])
    expect(review(closed, image, 300)).toEqual(closed)
  })
  test('that comes up again is opened anew', () => {
    const closed = review(review([], shown(), 100), {}, 200)
    const again = review(closed, shown(), 300)
    expect(again).toMatchObject([{ state: 'settled', openedAt: 300 }])
    expect(again[0]).not.toHaveProperty('closed')
  })
})
