import { expect, test } from 'vitest'
import { cpuMsIn, peakRssIn } from './process-usage.ts'

test('CPU time is user and system time, whatever the program is called', () => {
  const stat = '77 (a) b (c) S 1 77 77 0 -1 4194304 5 0 0 0 250 50 9 9 20 0 11 0 100 1000 200'
  expect(cpuMsIn(stat)).toBe(3_000)
})

test('a process that is gone has no figures, rather than zero', () => {
  expect(cpuMsIn('')).toBeUndefined()
  expect(peakRssIn('')).toBeUndefined()
})

test('the peak is the high-water mark, not what is resident now', () => {
  expect(peakRssIn('Name:\tnode\nVmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\n')).toBe(200)
})
