import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readRunFile, removeRunFile, runFilePath, writeRunFile } from './run-file.ts'

const addresses = {
  kafka: { brokers: ['127.0.0.1:20001'], pid: 11 },
  registry: { url: 'http://127.0.0.1:20002/apis/ccompat/v7', pid: 12 },
  mongo: { url: 'mongodb://127.0.0.1:20003', database: 'varai', pid: 13 },
  redis: { url: 'redis://127.0.0.1:20004' },
}
let stateDir: string
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'varai-run-'))
})
afterEach(() => rm(stateDir, { recursive: true }))

test('what is written is what is read, with this process as the one that started it', async () => {
  const services = { 'sync-core': { url: 'http://127.0.0.1:20005', pid: 14 } }
  await writeRunFile(stateDir, { ...addresses, services })
  expect(await readRunFile(stateDir)).toMatchObject({ ...addresses, services, pid: process.pid })
  expect(await readRunFile(runFilePath(stateDir))).toMatchObject(addresses)
  expect(await readdir(stateDir)).toEqual(['run.json'])
})

test('a file left by a crash means that nothing runs', async () => {
  await writeRunFile(stateDir, { ...addresses, pid: 2 ** 22 + 1 }) // above the highest pid there is
  expect(await readRunFile(stateDir)).toBeUndefined()
})

test('no file, no run; removing it twice is harmless', async () => {
  await removeRunFile(stateDir)
  expect(await readRunFile(stateDir)).toBeUndefined()
})

test('a file that is not ours is named', async () => {
  await writeFile(runFilePath(stateDir), '{"kafka": 1}')
  await expect(readRunFile(stateDir)).rejects.toThrow(
    /run\.json is not a run file[\s\S]*brokers|run\.json is not a run file/,
  )
})
