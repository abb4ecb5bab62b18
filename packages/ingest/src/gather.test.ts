import { expect, test } from 'vitest'
import { gather } from './gather.ts'

test('what is asked in one turn is asked together, up to a number, and everyone gets their answer', async () => {
  const calls: (readonly number[])[] = []
  const double = gather(async (numbers: readonly number[]) => {
    calls.push(numbers)
    return numbers.map((number) => 2 * number)
  }, 3)
  expect(await Promise.all([1, 2, 3, 4].map(double))).toEqual([2, 4, 6, 8])
  expect(await double(5)).toBe(10)
  expect(calls).toEqual([[1, 2, 3], [4], [5]])
})

test('a failure is one of all who were asked with it, and of no others', async () => {
  const ask = gather(async (questions: readonly string[]) => {
    if (questions.includes('bad')) throw new Error('refused')
    return questions.slice(0, 1)
  }, 10)
  const outcomes = await Promise.allSettled(['bad', 'good'].map(ask))
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await ask('good')).toBe('good')
  await expect(Promise.all(['answered', 'not answered'].map(ask))).rejects.toThrow('fewer answers')
})
