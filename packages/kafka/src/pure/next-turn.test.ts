import { describe, expect, test } from 'vitest'
import { nextTurn } from './next-turn.ts'

const high = { rank: 0, passedOver: 0 }
const low = (passedOver: number) => ({ rank: 2, passedOver })

describe('next turn', () => {
  test('nobody waits, nobody is next', () => {
    expect(nextTurn([], 3)).toBeUndefined()
  })

  test('the highest lane goes first, whoever came first', () => {
    expect(nextTurn([low(2), high], 3)).toBe(1)
  })

  test('a lane at the end of its patience goes before the highest', () => {
    expect(nextTurn([high, low(3)], 3)).toBe(1)
  })

  test('of several at the end of their patience, the one passed over most', () => {
    expect(nextTurn([{ rank: 1, passedOver: 3 }, low(5), high], 3)).toBe(1)
  })

  test('equal ranks in order of arrival', () => {
    expect(nextTurn([low(0), low(0)], 3)).toBe(0)
  })
})
