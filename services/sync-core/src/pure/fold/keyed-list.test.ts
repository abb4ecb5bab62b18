import { describe, expect, test } from 'vitest'
import { foldInBatches } from '../../../test/documents.ts'
import { deletion, noon, order, product, statement } from '../../../test/events.ts'
import type { Event } from '../admit.ts'
import { compareIds, inOrder } from './keyed-list.ts'

const keys = (field: string, ...events: Event[]) => {
  const list = foldInBatches(events.map((event) => [statement(event)])).lists[field]
  return list === undefined ? undefined : inOrder(list).map(([key]) => key)
}
const refunded = (at: number, ids: string[], rest = {}) =>
  order({ platformAt: noon + at, refunds: ids.map((id) => ({ id })), ...rest })
const all = { complete: { refunds: true, fulfilments: false } }

describe('an element', () => {
  test('stays when a statement that is not complete does not list it', () => {
    expect(keys('refunds', refunded(0, ['1']), refunded(1, ['2']))).toEqual(['1', '2'])
  })
  test('goes when a newer complete statement does not list it, also when that came first', () => {
    expect(keys('refunds', refunded(0, ['1']), refunded(1, ['2'], all))).toEqual(['2'])
    expect(keys('refunds', refunded(1, ['2'], all), refunded(0, ['1']))).toEqual(['2'])
  })
  test('comes back when something newer lists it', () => {
    expect(keys('refunds', refunded(0, ['1']), refunded(1, [], all), refunded(2, ['1']))).toEqual(['1'])
  })
  test('goes when the list is cleared', () => {
    expect(keys('refunds', refunded(0, ['1']), order({ platformAt: noon + 1, cleared: ['refunds'] }))).toEqual([])
  })
  test('stays when a complete statement of the very same times does not list it: parts of one payload are such', () => {
    const parts = [refunded(0, ['1'], all), refunded(0, ['2'], all)]
    expect(keys('refunds', ...parts)).toEqual(['1', '2'])
    expect(keys('refunds', ...parts.reverse())).toEqual(['1', '2'])
  })
  test('has the value of the newest statement that lists it', () => {
    const events = [
      order({ platformAt: noon + 1, refunds: [{ id: '1', note: 'new' }] }),
      order({ refunds: [{ id: '1', note: 'old' }] }),
    ]
    const list = foldInBatches(events.map((event) => [statement(event)])).lists['refunds']
    expect(list?.elements.get('1')?.value).toMatchObject({ note: 'new' })
  })
})

describe('a deleted part', () => {
  const variants = (at: number, ...ids: string[]) =>
    product({ platformAt: noon + at, variants: ids.map((id) => ({ id })) })
  const buried = (at: number, childId: string) => deletion('product', { platformAt: noon + at, childId })

  test('is gone, and older statements do not bring it back', () => {
    expect(keys('variants', buried(1, '7'), variants(0, '7', '8'))).toEqual(['8'])
  })
  test('is gone also when it was listed at that very time', () => {
    expect(keys('variants', variants(1, '7'), buried(1, '7'))).toEqual([])
    expect(keys('variants', buried(1, '7'), variants(1, '7'))).toEqual([])
  })
  test('comes back with a newer statement, and the product itself was never gone', () => {
    expect(keys('variants', variants(0, '7'), buried(1, '7'), variants(2, '7'))).toEqual(['7'])
  })
  test('is forgotten once a newer complete list rules it out anyway', () => {
    const complete = product({ platformAt: noon + 2, variants: [], complete: { variants: true } })
    const record = foldInBatches([[statement(buried(1, '7'))], [statement(complete)]])
    expect(record.lists['variants']?.gone.size).toBe(0)
  })
})

test('elements stand by position, then by id; long numbers by their size', () => {
  const listed = product({ variants: [{ id: '10' }, { id: '9' }, { id: 'b', position: 2 }, { id: 'a', position: 2 }] })
  expect(keys('variants', listed)).toEqual(['a', 'b', '9', '10'])
  expect(compareIds('820982911946154508', '1820982911946154507')).toBeLessThan(0)
  expect(compareIds('x', 'x')).toBe(0)
})
