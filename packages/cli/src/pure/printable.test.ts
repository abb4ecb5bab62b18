import { expect, test } from 'vitest'
import { printable } from './printable.ts'

test('what would steer a terminal is written out; all else stays', () => {
  expect(printable('Brille „Ære“ 🕶\u001b[2J\nnext\u202e')).toBe('Brille „Ære“ 🕶\\u001b[2J\\u000anext\\u202e')
})
