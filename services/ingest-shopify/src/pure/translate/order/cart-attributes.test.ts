import { read } from '@varai/ingest/pure'
import { expect, test } from 'vitest'
import { bodyOf } from '../../../test-statements.ts'
import { readCartAttributes } from './cart-attributes.ts'

const attributes = (note_attributes: unknown) => readCartAttributes(read(bodyOf({ note_attributes })))

test('recommendations come in the order of their numbers, each once; the rest is metadata', () => {
  expect(
    attributes([
      { name: 'recommendation_id_10', value: 'rec-j' },
      { name: 'recommendation_id_2', value: 'rec-b' },
      { name: 'gift', value: 'ja 🎁' },
      { name: 'recommendation_id_first', value: 'rec-x' },
      { name: 'ai_session_id', value: 'sess-1' },
      { name: 'recommendation_id_1', value: 'rec-a' },
      { name: 'recommendation_id_3', value: 'rec-a' },
      { name: 'recommendation_id_last', value: 'rec-y' },
      { name: 'recommendation_id_', value: 'not one' },
    ]),
  ).toEqual({
    aiSessionId: 'sess-1',
    recommendationIds: ['rec-a', 'rec-b', 'rec-j', 'rec-x', 'rec-y'],
    metadata: [
      { name: 'gift', value: 'ja 🎁' },
      { name: 'recommendation_id_', value: 'not one' },
    ],
  })
})

test('values that themes leave there are text or nothing, never a reason to refuse an order', () => {
  expect(
    attributes([
      { name: 'ai_session_id', value: null },
      { name: 'recommendation_id_1', value: '' },
      { name: 'subscribe', value: true },
      { name: 'count', value: 3 },
      { name: 'bundle', value: { a: [1] } },
      { value: 'nameless' },
    ]),
  ).toEqual({
    aiSessionId: undefined,
    recommendationIds: [],
    metadata: [
      { name: 'subscribe', value: 'true' },
      { name: 'count', value: '3' },
      { name: 'bundle', value: '{"a":[1]}' },
      { name: '', value: 'nameless' },
    ],
  })
})

test('no attributes is a statement, no list is none', () => {
  expect(attributes([])).toEqual({ aiSessionId: undefined, recommendationIds: [], metadata: [] })
  expect(readCartAttributes(read(bodyOf({})))).toBeUndefined()
})
