import { createRequire } from 'node:module'
import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { murmur2, partitionOfKey } from './murmur2.ts'

// The same hash by another hand.
const theirs: (key: Buffer) => number = createRequire(import.meta.url)(
  'kafkajs/src/producer/partitioners/default/murmur2',
)

test.prop([fc.uint8Array({ maxLength: 300 })])('hashes every key as kafkajs and the Java client do', (key) => {
  expect(murmur2(key)).toBe(theirs(Buffer.from(key)))
})

test('known hashes of the Java client', () => {
  expect(['21', 'foobar', 'a-little-bit-long-string'].map((key) => murmur2(Buffer.from(key)))).toEqual([
    -973932308, -790332482, -985981536,
  ])
})

test.prop([fc.string(), fc.integer({ min: 1, max: 100 })])('a key has one of the partitions', (key, partitions) => {
  const partition = partitionOfKey(Buffer.from(key), partitions)
  expect(partition).toBeGreaterThanOrEqual(0)
  expect(partition).toBeLessThan(partitions)
})
