import { expect, test } from 'vitest'
import type { Result } from './harness.ts'
import { isMet, type Report, speedTable, toMarkdown } from './report.ts'

const result = (name: string, eventsPerSecond: number): Result => ({ name, rounds: [], median: { eventsPerSecond } })

test('each contestant is shown as a multiple of the one it is compared with', () => {
  const table = speedTable('publish', [result('ours', 900), result('peer', 300)], 'peer')
  expect(table.rows.map(([name, , times]) => [name, times])).toEqual([
    ['ours', '3.00'],
    ['peer', '1.00'],
  ])
})

test('what was not measured is a dash, never a zero', () => {
  expect(speedTable('publish', [result('ours', 900)], 'ours').rows[0]?.slice(3)).toEqual(['–', '–', '–', '–'])
})

test.each([
  [{ what: 'ratio', seen: 8, atLeast: 8 }, true],
  [{ what: 'ratio', seen: 7.99, atLeast: 8 }, false],
  [{ what: 'ratio', seen: Number.NaN, atLeast: 8 }, false],
  [{ what: 'idle', seen: 3, below: 3 }, false],
  [{ what: 'idle', seen: 2.9, below: 3 }, true],
])('%j is met: %s', (goal, met) => {
  expect(isMet(goal)).toBe(met)
})

test('the Markdown tells the command, the machine and whether each goal is met', () => {
  const report: Report = {
    ...{ bench: 'ingest', at: '2026-11-22T10:00:00.000Z', command: 'npm run bench -- ingest' },
    machine: { cpu: 'CPU', cores: 2, memoryGiB: 8, node: 'v24', platform: 'linux-x64', loadBefore: 0.25 },
    tables: [speedTable('publish', [result('ours', 900)], 'ours')],
    goals: [{ what: 'ours over peer', seen: 2, atLeast: 8 }],
    notes: ['two cores'],
    measured: {},
  }
  const text = toMarkdown(report)
  expect(text).toContain('`npm run bench -- ingest` on 2 cores of CPU')
  expect(text).toContain('load before the start 0.3')
  expect(text).toContain('- ours over peer: **2.00** (goal ≥ 8: not met)')
  expect(text).toContain('| ours | 900 | 1.00 |')
})
