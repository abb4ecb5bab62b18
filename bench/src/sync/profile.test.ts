import { expect, test } from 'vitest'
import { type CpuProfile, timeByCategory } from './profile.ts'

const node = (id: number, functionName: string, url = '', children: number[] = []) => ({
  ...{ id, children },
  callFrame: { functionName, url },
})
const profile: CpuProfile = {
  startTime: 1_000,
  nodes: [
    node(1, '(root)', '', [2, 4, 5]),
    node(2, 'decode', 'file:///repo/avsc/types.js', [3]),
    node(3, 'readUInt8', 'node:buffer'),
    node(4, '(garbage collector)'),
    node(5, '(idle)'),
  ],
  samples: [2, 3, 4, 5, 3],
  timeDeltas: [10, 20, 40, 1_000, 5],
}
const categoryOf = (url: string) => (url.includes('avsc') ? 'Avro' : undefined)

test('what Node does is counted where it was called, most first; idle time is nothing', () => {
  expect(timeByCategory(profile, { from: 0, to: 10_000 }, categoryOf)).toEqual([
    { name: 'collecting garbage', micros: 40 },
    { name: 'Avro', micros: 35 },
  ])
})

test('only what ran between the two moments counts', () => {
  expect(timeByCategory(profile, { from: 1_015, to: 1_060 }, categoryOf)).toEqual([{ name: 'Avro', micros: 20 }])
})
