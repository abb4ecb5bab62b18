import { expect, test } from 'vitest'
import { createBodyPieces, giveBack } from './body-pieces.ts'

/** A chunk in memory of its own, as Node reads them. */
const chunkOf = (bytes: number, from: number): Buffer => {
  const chunk = Buffer.allocUnsafeSlow(bytes)
  for (let at = 0; at < bytes; at += 1) chunk[at] = (from + at) % 251
  return chunk
}

test.each([
  ['nothing', []],
  ['one small chunk', [10]],
  ['several small ones', [10, 20_000, 1, 40_000]],
  ['small ones that become large', [60_000, 60_000, 3]],
  ['a large one at once', [900_000]],
  ['blocks filled to the last byte', [262_144, 262_144]],
  ['many', Array.from({ length: 50 }, (_, index) => 1 + index * 997)],
])('%s: the whole is what was added, in its order, and every chunk is given back', (_, lengths) => {
  const pieces = createBodyPieces()
  let size = 0
  const chunks = lengths.map((length) => {
    const chunk = chunkOf(length, size)
    size += length
    return chunk
  })
  for (const chunk of chunks) pieces.add(chunk)
  expect(pieces.size).toBe(size)
  expect(pieces.whole().equals(chunkOf(size, 0))).toBe(true)
  expect(chunks.filter(({ buffer }) => buffer.byteLength > 0)).toEqual([])
  expect(pieces.size).toBe(0)
})

test('while a large body comes, its chunks are not kept', () => {
  const pieces = createBodyPieces()
  const chunks = [chunkOf(65_536, 0), chunkOf(65_536, 65_536)]
  for (const chunk of chunks) pieces.add(chunk)
  expect(chunks.map(({ buffer }) => buffer.byteLength)).toEqual([0, 0])
  pieces.letGo()
  expect(pieces.size).toBe(0)
})

test('bytes that share their memory are left alone', () => {
  const two = Buffer.allocUnsafeSlow(20)
  const one = two.subarray(0, 10)
  giveBack(one)
  expect(one).toHaveLength(10)
  giveBack(two)
  expect([one, two].map(({ length }) => length)).toEqual([0, 0])
})
