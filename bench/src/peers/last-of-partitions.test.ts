import { expect, test } from 'vitest'
import { lastOfPartitions } from './last-of-partitions.ts'

const record = (key: string, turn: number) => ({ key: Buffer.from(key), turn })

test('the last record of each partition is found, and only where there are any', () => {
  expect(lastOfPartitions([record('a', 1), record('b', 2), record('a', 3)], 1)).toEqual([record('a', 3)])
  const spread = lastOfPartitions(
    Array.from({ length: 1_000 }, (_, turn) => record(`key ${turn}`, turn)),
    12,
  )
  expect(spread).toHaveLength(12)
  expect(Math.max(...spread.map(({ turn }) => turn))).toBe(999)
})
