import { read } from '@varai/ingest/pure'
import { expect, test } from 'vitest'
import { body } from '../test-statements.ts'
import { globalId, shopifyId } from './shopify-id.ts'

const idIn = (json: string) => {
  const reader = read(body(json))
  const id = shopifyId(reader, 'Order')
  const result = reader.result(id)
  return result.ok ? id : result.failures
}

test.each([
  ['a number above 2^53', '{"id":820982911946154508}', '820982911946154508'],
  ['both, the same', '{"id":5,"admin_graphql_api_id":"gid://shopify/Order/5"}', '5'],
  [
    'a number that was rounded on its way',
    '{"id":820982911946154500,"admin_graphql_api_id":"gid://shopify/Order/820982911946154508"}',
    '820982911946154508',
  ],
  ['the text alone', '{"admin_graphql_api_id":"gid://shopify/Order/5"}', '5'],
  ['a text of another kind', '{"id":5,"admin_graphql_api_id":"gid://shopify/Customer/6"}', '5'],
])('%s', (_, json, id) => {
  expect(idIn(json)).toBe(id)
})

test('two ids that differ beyond rounding are no id', () => {
  expect(idIn('{"id":5,"admin_graphql_api_id":"gid://shopify/Order/6"}')).toEqual([
    { path: 'id', reason: 'differs from admin_graphql_api_id' },
  ])
  expect(idIn('{}')).toEqual([{ path: 'id', reason: 'is missing' }])
})

test('global ids may carry a query', () => {
  expect(globalId('gid://shopify/InventoryLevel/24826418?inventory_item_id=27', 'InventoryLevel')).toBe('24826418')
  expect(globalId('gid://shopify/Order/abc', 'Order')).toBeUndefined()
  expect(globalId(undefined, 'Order')).toBeUndefined()
})
