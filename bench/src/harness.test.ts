import { expect, test } from 'vitest'
import { median, ratio, runInterleaved } from './harness.ts'

test('contestants take turns, and warm-up rounds are not counted', async () => {
  const turns: string[] = []
  const contestant = (name: string, wallMs: number) => ({
    name,
    round: async () => {
      turns.push(name)
      return { events: 100, wallMs }
    },
  })
  const results = await runInterleaved([contestant('ours', 10), contestant('peer', 20)], { rounds: 2, warmUp: 1 })
  expect(turns).toEqual(['ours', 'peer', 'ours', 'peer', 'ours', 'peer'])
  expect(results.map(({ rounds }) => rounds.length)).toEqual([2, 2])
  expect(ratio(results, 'ours', 'peer')).toBeCloseTo(2)
})

test('when time is up no further round begins, but one counts', async () => {
  const contestant = { name: 'ours', round: async () => ({ events: 1, wallMs: 1 }) }
  const [result] = await runInterleaved([contestant], { rounds: 5, warmUp: 2, withinMs: -1 })
  expect(result?.rounds).toHaveLength(1)
})

test('CPU per event is reported only when every round measured it', async () => {
  let rounds = 0
  const [result] = await runInterleaved(
    [{ name: 'ours', round: async () => ({ events: 1000, wallMs: 10, ...(rounds++ === 0 ? {} : { cpuMs: 5 }) }) }],
    { rounds: 2, warmUp: 0 },
  )
  expect(result?.median.cpuMicrosPerEvent).toBeUndefined()
})

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[7], 7],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected)
})
