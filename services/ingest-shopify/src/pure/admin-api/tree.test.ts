import { expect, test } from 'vitest'
import { pageIn, without } from './tree.ts'

const answer = {
  order: {
    name: '#1',
    email: null,
    lines: [
      { id: 1, sku: 'a' },
      { id: 2, sku: 'b' },
    ],
  },
}

test.each([
  [['order', 'email'], { order: { name: '#1', lines: answer.order.lines } }],
  [['order', 'lines', 1, 'sku'], { order: { ...answer.order, lines: [{ id: 1, sku: 'a' }, { id: 2 }] } }],
  [['order', 'lines', '0', 'sku'], { order: { ...answer.order, lines: [{ id: 1 }, { id: 2, sku: 'b' }] } }],
  [['order', 'none', 'email'], answer],
  [['order', 'name', 'first'], answer],
  [[], answer],
])('without %j', (path, left) => {
  expect(without(answer, path)).toEqual(left)
})

test('a page names the cursor to go on from only when there is more', () => {
  const page = (hasNextPage: unknown, endCursor: unknown) => ({
    list: { nodes: [{ id: 1 }, null], pageInfo: { hasNextPage, endCursor } },
  })
  expect(pageIn(page(true, 'abc'), 'list')).toEqual({ nodes: [{ id: 1 }], next: 'abc' })
  expect(pageIn(page(false, 'abc'), 'list')?.next).toBeUndefined()
  expect(pageIn({ list: null }, 'list')).toBeUndefined()
  expect(pageIn(undefined, 'list')).toBeUndefined()
})
