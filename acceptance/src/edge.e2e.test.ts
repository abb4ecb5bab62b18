import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)

test('what the edge must show holds, in its short form', { timeout: 600_000 }, async () => {
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'main.ts'), 'edge', '--short'])
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^acceptance edge: (\d+) of \1 hold$/)
})
