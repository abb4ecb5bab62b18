import { expect, test } from 'vitest'
import { readSource } from './read-source.ts'

const imports = (code: string) =>
  readSource('a.ts', code).imports.map(({ specifier, typeOnly }) => [specifier, typeOnly])
const uses = (code: string) => readSource('a.ts', code).uses.map(({ what }) => what)

test.each([
  ["import a from 'x'", 'x', false],
  ["import 'x'", 'x', false],
  ["import a, { type B } from 'x'", 'x', false],
  ["import { type A, type B } from 'x'", 'x', true],
  ["import type A from 'x'", 'x', true],
  ["export * from 'x'", 'x', false],
  ["export { a } from 'x'", 'x', false],
  ["export type { A } from 'x'", 'x', true],
  ["const a = await import('x')", 'x', false],
  ["type A = import('x').A", 'x', true],
  ["const a = require('x')", 'x', false],
  ['const a = await import(name)', '(computed)', false],
])('%s', (code, specifier, typeOnly) => expect(imports(code)).toEqual([[specifier, typeOnly]]))

test('an export of its own is no import', () => expect(imports('export const a = 1; export { a as b }')).toEqual([]))

test.each([
  ['Date.now()', 'Date.now'],
  ["Date['now']()", 'Date.now'],
  ['new Date()', 'new Date()'],
  ['Date()', 'Date()'],
  ['const { env } = process', 'process'],
  ['run({ process })', 'process'],
  ['if (a) b()', 'if'],
  ['for (const a of b) c(a)', 'for'],
])('%s uses %s', (code, what) => expect(uses(code)).toContain(what))

test.each([
  'order.process',
  '({ process: 1 })',
  'type A = { process: string }',
  'new Date(0)',
  'class A { process = 1 }',
])('%s uses no global', (code) =>
  expect(uses(code)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^process$|Date\(\)|Date\.now/)])),
)

test('lines are counted from 1, and code that is none is refused', () => {
  expect(readSource('a.ts', "// first\n\nimport 'x'").imports[0]?.line).toBe(3)
  expect(() => readSource('a.ts', 'import from from')).toThrow(SyntaxError)
})
