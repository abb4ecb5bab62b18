import { randomBytes } from 'node:crypto'
import { copyFile, cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@varai/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FolderTaken } from './folder-lock.ts'
import { localSeal } from './local-seal.ts'
import { openSpool, type Spool, SpoolFull, type SpoolOptions } from './spool.ts'

const log = createLog({ service: 'test', level: 'error', destination: { write: () => undefined } })
const seal = localSeal(Buffer.alloc(32, 7), 'test')
let base: string
let folder: string
const opened: Spool[] = []

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'spool-'))
  folder = join(base, 'spool')
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((spool) => spool.close().catch(() => undefined)))
  await rm(base, { recursive: true, force: true })
})

async function open(changes: Partial<SpoolOptions> = {}): Promise<Spool> {
  const spool = await openSpool({ folder, maxBytes: 1024 * 1024, seal, log, ...changes })
  opened.push(spool)
  return spool
}

/** What a crash leaves: the files as they are now, in a folder that nobody holds. */
async function crashed(): Promise<string> {
  const copy = await mkdtemp(join(base, 'crashed-'))
  for (const name of await readdir(folder)) if (name !== 'lock') await copyFile(join(folder, name), join(copy, name))
  return copy
}

async function contents(spool: Spool): Promise<string[]> {
  const texts: string[] = []
  for (const key of [...spool.keys()]) {
    for (let entry = spool.head(key); entry !== undefined; entry = spool.head(key)) {
      texts.push(`${key}=${await spool.read(entry)}`)
      await spool.done(entry)
    }
  }
  return texts
}

const segmentIn = async (of: string) => join(of, (await readdir(of)).find((name) => name.endsWith('.spool')) ?? '?')

test('what append resolved for is there after a crash, by key and in order; what was done is not', async () => {
  const spool = await open()
  await Promise.all(['1', '2', '3'].map((text) => spool.append('a', Buffer.from(text))))
  await spool.append('b', Buffer.from('4'))
  const first = spool.head('a')
  if (first !== undefined) await spool.done(first)
  expect([spool.depth, spool.holds('a'), spool.holds('c')]).toEqual([3, true, false])
  const after = await open({ folder: await crashed() })
  expect(after.depth).toBe(3)
  expect(await contents(after)).toEqual(['a=2', 'a=3', 'b=4'])
  expect([after.depth, after.bytes, after.oldest]).toEqual([0, 0, undefined])
})

test('what is worked off side by side leaves nothing behind', async () => {
  const spool = await open()
  await Promise.all(['a', 'b', 'c', 'd'].map((key) => spool.append(key, Buffer.from(key))))
  const again = await open({ folder: await crashed() })
  const heads = ['a', 'b', 'c', 'd'].flatMap((key) => again.head(key) ?? [])
  await Promise.all(heads.map((entry) => again.done(entry)))
  expect([heads.length, again.depth, again.bytes]).toEqual([4, 0, 0])
  expect(await readdir(join(base, (await readdir(base)).find((name) => name.startsWith('crashed-')) ?? '?'))).toEqual([
    'lock',
  ])
})

test('nothing readable lies on the disk, and another key opens nothing: the file is kept aside', async () => {
  const spool = await open()
  await spool.append('key', Buffer.from('jane@example.com'))
  const files = await crashed()
  expect((await readFile(await segmentIn(files))).includes('jane')).toBe(false)
  const other = await open({ folder: files, seal: localSeal(randomBytes(32), 'test') })
  expect(other.depth).toBe(0)
  expect((await readdir(files)).filter((name) => name.endsWith('.damaged'))).toHaveLength(1)
})

describe('a file that a crash or the disk spoiled', () => {
  const texts = ['first', 'second', 'third']

  async function written(): Promise<{ files: string; ends: number[] }> {
    const spool = await open()
    const ends: number[] = []
    for (const text of texts) {
      await spool.append(text, Buffer.from(text))
      ends.push(spool.bytes)
    }
    return { files: await crashed(), ends }
  }

  test('cut at every byte of its end: all that was acknowledged before the cut is there', async () => {
    const { files, ends } = await written()
    const [, second = 0, third = 0] = ends
    for (let cut = second; cut <= third; cut += 1) {
      const copy = join(base, `cut-${cut}`)
      await cp(files, copy, { recursive: true })
      await truncate(await segmentIn(copy), cut)
      const spool = await openSpool({ folder: copy, maxBytes: 1024 * 1024, seal, log })
      // What comes next is not written behind the torn tail, where it could not be found again.
      await spool.append('next', Buffer.from('next'))
      expect(await contents(spool), `cut at ${cut}`).toEqual([
        ...['first=first', 'second=second', ...(cut === third ? ['third=third'] : []), 'next=next'],
      ])
      await spool.close()
    }
  })

  test('a bit that flipped anywhere costs one entry, and the file is kept aside', async () => {
    const { files, ends } = await written()
    const whole = await readFile(await segmentIn(files))
    for (let at = 0; at < whole.length; at += 7) {
      const copy = join(base, `flip-${at}`)
      await cp(files, copy, { recursive: true })
      const bytes = Buffer.from(whole)
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0x10, at)
      await writeFile(await segmentIn(copy), bytes)
      const spool = await openSpool({ folder: copy, maxBytes: 1024 * 1024, seal, log })
      const hit = ends.findIndex((end) => at < end)
      expect(await contents(spool), `flip at ${at}`).toEqual(
        texts.filter((_, index) => index !== hit).map((text) => `${text}=${text}`),
      )
      await spool.close()
      // Behind the last whole frame damage looks like a write that was cut off.
      const kept = (await readdir(copy)).filter((name) => name.endsWith('.damaged')).length
      expect(kept, `flip at ${at}`).toBe(hit === texts.length - 1 ? 0 : 1)
    }
  })

  test('marks that are cut off or flipped bring entries back, and never hide one', async () => {
    const spool = await open()
    for (const text of texts) await spool.append(text, Buffer.from(text))
    for (const text of ['first', 'second']) {
      const entry = spool.head(text)
      if (entry !== undefined) await spool.done(entry)
    }
    const files = await crashed()
    const marks = `${await segmentIn(files)}.done`
    const whole = await readFile(marks)
    expect(whole.length).toBe(16)
    for (let at = 0; at < whole.length; at += 1) {
      const copy = await mkdtemp(join(base, 'marks-'))
      await cp(files, copy, { recursive: true })
      const bytes = Buffer.from(whole)
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
      await writeFile(`${await segmentIn(copy)}.done`, at % 2 === 0 ? bytes : whole.subarray(0, at))
      const again = await openSpool({ folder: copy, maxBytes: 1024 * 1024, seal, log })
      const found = await contents(again)
      expect(found, `mark ${at}`).toContain('third=third')
      expect(found.length, `mark ${at}`).toBeGreaterThan(1)
      await again.close()
      const left = await openSpool({ folder: copy, maxBytes: 1024 * 1024, seal, log })
      expect(left.depth, `mark ${at}`).toBe(0)
      await left.close()
    }
  })

  test('what the disk no longer gives back while running is lost alone', async () => {
    const spool = await open()
    for (const text of texts) await spool.append('k', Buffer.from(text))
    const path = await segmentIn(folder)
    const bytes = await readFile(path)
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1)
    await writeFile(path, bytes)
    const read: (string | undefined)[] = []
    for (let entry = spool.head('k'); entry !== undefined; entry = spool.head('k')) {
      const found = await spool.read(entry)
      read.push(found?.toString())
      await spool.done(entry, found === undefined)
    }
    expect(read).toEqual(['first', 'second', undefined])
  })
})

test('full is told before anything is written, and room comes back as entries are worked off', async () => {
  const spool = await open({ maxBytes: 4_000, segmentBytes: 1_000 })
  let taken = 0
  const fill = async () => {
    for (; ; taken += 1) await spool.append(`k${taken}`, Buffer.alloc(300))
  }
  await expect(fill()).rejects.toThrow(SpoolFull)
  expect(taken).toBeGreaterThan(8)
  expect(spool.bytes).toBeLessThanOrEqual(4_000)
  for (const key of ['k0', 'k1', 'k2', 'k3']) {
    const entry = spool.head(key)
    if (entry !== undefined) await spool.done(entry)
  }
  await spool.append('more', Buffer.alloc(300))
  expect(spool.depth).toBe(taken - 3)
})

test('a disk that fails refuses what it did not keep, and the next is written to another file', async () => {
  const spool = await open()
  await spool.append('a', Buffer.from('1'))
  await rm(folder, { recursive: true })
  // The open file still takes frames, a new one cannot be made.
  await spool.append('big', Buffer.alloc(100))
  const small = await open({ folder: join(base, 'other'), segmentBytes: 1 })
  await small.append('a', Buffer.from('1'))
  await rm(join(base, 'other'), { recursive: true })
  await expect(small.append('b', Buffer.from('2'))).rejects.toThrow('ENOENT')
  expect([small.depth, small.holds('b')]).toEqual([1, false])
})

test('one process at a time: a living owner is respected, a dead one and a half-written lock are not', async () => {
  await open()
  await writeFile(
    join(folder, 'lock'),
    JSON.stringify({ pid: process.ppid, host: (await import('node:os')).hostname() }),
  )
  await expect(openSpool({ folder, maxBytes: 1, seal, log })).rejects.toThrow(FolderTaken)
  await writeFile(join(folder, 'lock'), JSON.stringify({ pid: 1, host: 'elsewhere' }))
  await expect(openSpool({ folder, maxBytes: 1, seal, log })).rejects.toThrow('process 1 on elsewhere')
  for (const text of [
    '',
    '{"pid":',
    JSON.stringify({ pid: 2 ** 22 + 1, host: (await import('node:os')).hostname() }),
  ]) {
    await writeFile(join(folder, 'lock'), text)
    const taken = await openSpool({ folder, maxBytes: 1, seal, log })
    await taken.close()
  }
})
