import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { localMasterKey, UnwrapError } from './master-key.ts'

const key = randomBytes(32)

test('a wrapped key unwraps for what it was bound to, and only for that', async () => {
  const master = localMasterKey(randomBytes(32))
  const wrapped = await master.wrap(key, 'store-day|2026-11-22|demo')
  expect((await master.unwrap(wrapped, 'store-day|2026-11-22|demo')).equals(key)).toBe(true)
  await expect(master.unwrap(wrapped, 'store-day|2026-11-23|demo')).rejects.toThrow(UnwrapError)
  expect(wrapped.wrapped.includes(key)).toBe(false)
})

test('a change of any byte is detected', async () => {
  const master = localMasterKey(randomBytes(32))
  const { masterKeyId, wrapped } = await master.wrap(key, 'x')
  for (let index = 0; index < wrapped.length; index += 1) {
    const changed = Buffer.from(wrapped)
    changed.writeUInt8(changed.readUInt8(index) ^ 1, index)
    await expect(master.unwrap({ masterKeyId, wrapped: changed }, 'x'), `byte ${index}`).rejects.toThrow(UnwrapError)
  }
  await expect(master.unwrap({ masterKeyId, wrapped: Buffer.alloc(0) }, 'x')).rejects.toThrow(UnwrapError)
})

test('after a rotation the old keys stay readable and new ones are wrapped by the new master key', async () => {
  const [first, second] = [randomBytes(32), randomBytes(32)]
  const before = await localMasterKey(first).wrap(key, 'x')
  const rotated = localMasterKey(second, [first])
  expect((await rotated.unwrap(before, 'x')).equals(key)).toBe(true)
  const after = await rotated.wrap(key, 'x')
  expect(after.masterKeyId).not.toBe(before.masterKeyId)
  expect((await localMasterKey(second).unwrap(after, 'x')).equals(key)).toBe(true)
  await expect(localMasterKey(second).unwrap(before, 'x')).rejects.toThrow(
    `wrapped by master key ${before.masterKeyId}`,
  )
})

test('a master key of another length is refused', () => {
  expect(() => localMasterKey(randomBytes(16))).toThrow('a master key has 32 bytes; this one has 16')
  expect(() => localMasterKey(randomBytes(32), [randomBytes(31)])).toThrow(RangeError)
})
