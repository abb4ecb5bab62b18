import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cached, findCacheDir } from './cache.ts'

let cacheDir: string
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'varai-cache-'))
})
afterEach(() => rm(cacheDir, { recursive: true }))

test('is made once and found afterwards', async () => {
  const make = (text: string) => (dir: string) => writeFile(join(dir, 'file'), text)
  await cached(cacheDir, 'thing', make('first'))
  const folder = await cached(cacheDir, 'thing', make('second'))
  expect(await readFile(join(folder, 'file'), 'utf8')).toBe('first')
})

test('a download that breaks off leaves nothing that could be taken for whole', async () => {
  const broken = cached(cacheDir, 'thing', async (dir) => {
    await writeFile(join(dir, 'half'), 'half')
    throw new Error('the line went dead')
  })
  await expect(broken).rejects.toThrow('the line went dead')
  expect(await readdir(cacheDir)).toEqual(['.partial'])
  expect(await readdir(join(cacheDir, '.partial'))).toEqual([])
})

test('two at once end with one whole folder', async () => {
  const both = await Promise.all(
    ['a', 'b'].map((text) => cached(cacheDir, 'thing', (dir) => writeFile(join(dir, 'file'), text))),
  )
  expect(both[0]).toBe(both[1])
  expect(await readdir(join(cacheDir, 'thing'))).toEqual(['file'])
})

test('what a killed download left is cleared after a day', async () => {
  const old = join(cacheDir, '.partial', 'old')
  await mkdir(old, { recursive: true })
  const yesterday = Date.now() / 1000 - 25 * 60 * 60
  await utimes(old, yesterday, yesterday)
  await cached(cacheDir, 'thing', async () => undefined)
  expect(await readdir(join(cacheDir, '.partial'))).toEqual([])
})

test('the cache is where VARAI_CACHE_DIR says, else shared by the user, else in the state folder', async () => {
  const stateDir = join(cacheDir, 'state')
  expect(await findCacheDir({ VARAI_CACHE_DIR: join(cacheDir, 'mine') }, stateDir)).toBe(join(cacheDir, 'mine'))
  expect(await findCacheDir({ XDG_CACHE_HOME: cacheDir }, stateDir)).toBe(join(cacheDir, 'varai-sync'))
  const notAFolder = join(cacheDir, 'file')
  await writeFile(notAFolder, '')
  expect(await findCacheDir({ XDG_CACHE_HOME: notAFolder }, stateDir)).toBe(join(stateDir, 'cache'))
})
