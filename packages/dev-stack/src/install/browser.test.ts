import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findBrowser } from './browser.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'varai-browser-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('a browser is what can be run under one of its names, or what is wished for', async () => {
  const chromium = join(folder, 'chromium')
  await writeFile(chromium, '')
  await chmod(chromium, 0o644)
  const asked = { PATH: `:${folder}` }
  expect(await findBrowser(asked)).not.toBe(chromium)
  await chmod(chromium, 0o755)
  expect(await findBrowser(asked)).toBe(chromium)
  expect(await findBrowser({ ...asked, VARAI_BROWSER: process.execPath })).toBe(process.execPath)
  expect(await findBrowser({ ...asked, VARAI_BROWSER: join(folder, 'none') })).toBeUndefined()
})
