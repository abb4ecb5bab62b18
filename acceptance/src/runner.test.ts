import { beforeEach, expect, test, vi } from 'vitest'
import { type Check, runList } from './runner.ts'

const holding: Check<string> = { title: 'holds', run: async (context) => ({ holds: true, figures: [context] }) }
const failing: Check<string> = { title: 'fails', run: async () => ({ holds: false, figures: [] }) }
const throwing: Check<string> = {
  title: 'throws',
  run: async () => {
    throw new Error('a dependency is away')
  },
}
const long: Check<string> = { ...holding, title: 'takes long', longOnly: true }

function list(...checks: Check<string>[]) {
  const close = vi.fn(async () => undefined)
  return { list: { name: 'sample', open: async () => ({ context: 'figure', close }), checks }, close }
}

let lines: string[] = []
beforeEach(() => {
  lines = []
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)))
})

test('all hold: the last line says so, and the figures are printed', async () => {
  expect(await runList(list(holding, holding).list, { short: false })).toBe(true)
  expect(lines.at(-1)).toBe('acceptance sample: 2 of 2 hold')
  expect(lines).toContain('         figure')
})

test('one that throws counts as not holding, the others still run, and everything is closed', async () => {
  const { list: sample, close } = list(throwing, failing, holding)
  expect(await runList(sample, { short: false })).toBe(false)
  expect(lines.at(-1)).toBe('acceptance sample: 1 of 3 hold')
  expect(lines.join('\n')).toContain('a dependency is away')
  expect(close).toHaveBeenCalledOnce()
})

test('the short form leaves the long ones out', async () => {
  await runList(list(holding, long).list, { short: true })
  expect(lines.at(-1)).toBe('acceptance sample: 1 of 1 hold')
})

test('a list of which nothing was asked for does not hold', async () => {
  expect(await runList(list(holding).list, { short: false, only: 'another' })).toBe(false)
})
