import { expect, test } from 'vitest'
import { duration, grouped, tableLines } from './table.ts'

test('columns are as wide as their widest cell, numbers to the right, nothing trails', () => {
  const lines = tableLines(
    [{ title: 'TOPIC' }, { title: 'RECORDS', align: 'right' }, { title: 'NOTE' }],
    [
      ['varai.events.high', '12 000', ''],
      ['varai.changes', '3', 'missing'],
    ],
  )
  expect(lines).toEqual([
    'TOPIC              RECORDS  NOTE',
    'varai.events.high   12 000',
    'varai.changes            3  missing',
  ])
})

test.each([
  [2_592_000_000, '30 d'],
  [5_400_000, '90 min'],
  [1_500, '1500 ms'],
  [0, '0 ms'],
  [-1, 'for ever'],
])('%d ms is %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})

test.each([
  [0, '0'],
  [999, '999'],
  [1_234_567, '1 234 567'],
  [12_345_678_901_234_567_890n, '12 345 678 901 234 567 890'],
])('%s is written %s', (count, text) => {
  expect(grouped(count)).toBe(text)
})
