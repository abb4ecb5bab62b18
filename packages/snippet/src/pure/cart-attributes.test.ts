import { expect, test } from 'vitest'
import { cartAttributes } from './cart-attributes.ts'

test('adds the session and the recommendations to what is there', () => {
  const present = { gift: 'yes', recommendation_id_1: 'rec-a' }
  expect(cartAttributes(present, 's-1', ['rec-a', 'rec-b', 'rec-c'])).toEqual({
    ...{ gift: 'yes', ai_session_id: 's-1' },
    ...{ recommendation_id_1: 'rec-a', recommendation_id_2: 'rec-b', recommendation_id_3: 'rec-c' },
  })
})

test('never takes the place of another', () => {
  const present = { recommendation_id_2: 'theirs', recommendation_id_x: 'theirs too' }
  expect(cartAttributes(present, 's-1', ['rec-a', 'rec-b', 'rec-a'])).toEqual({
    ...{ ...present, ai_session_id: 's-1', recommendation_id_1: 'rec-a', recommendation_id_3: 'rec-b' },
  })
})

test('writes nothing that the cart says already', () => {
  expect(cartAttributes({ ai_session_id: 's-1', recommendation_id_1: 'a' }, 's-1', ['a'])).toBeUndefined()
  expect(cartAttributes({ gift: 'yes' }, undefined, [])).toBeUndefined()
})

test('without a session ours are emptied, and nothing else', () => {
  const present = { gift: 'yes', ai_session_id: 's-1', recommendation_id_1: 'rec-a' }
  expect(cartAttributes(present, undefined, [])).toEqual({ gift: 'yes', ai_session_id: '', recommendation_id_1: '' })
})
