import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

const run = promisify(execFile)

test('npm start -- --once boots everything, shows agreement, and leaves nothing behind', {
  timeout: 300_000,
}, async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'varai-demo-'))
  onTestFinished(() => rm(stateDir, { recursive: true, force: true }))
  const main = join(import.meta.dirname, 'main.ts')
  const { stdout } = await run(process.execPath, [main, '--once', '--deliveries', '60', '--state-dir', stateDir])
  expect(stdout).toMatch(/agreement: all \d+ documents agree/)
  expect(stdout).toMatch(/ingest-shopify +http/)
  expect(stdout.trimEnd()).toMatch(/stopped$/)
})
