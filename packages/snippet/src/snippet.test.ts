import { expect, test } from 'vitest'
import { bundle } from '../scripts/bundle.ts'
import { loadSnippet } from './index.ts'

const { code, gzipped } = loadSnippet()

test('the file that is served is what the sources make', async () => {
  // `pnpm --filter @varai/snippet build` writes it.
  expect(code.toString()).toBe(Buffer.from(await bundle()).toString())
})

test('is smaller than 4 KB, compressed', () => {
  console.log(`varai.js: ${code.length} bytes, ${gzipped.length} gzipped`)
  expect(gzipped.length).toBeLessThan(4_000)
})

test('needs nothing that a strict policy forbids, and names no host', () => {
  expect(code.toString()).not.toMatch(/\beval\b|\bFunction\b|innerHTML|createElement|document\.write|\.cookie|https?:/)
})
