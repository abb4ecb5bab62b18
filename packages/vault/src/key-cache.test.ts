import { testClock } from '@varai/testkit'
import { expect, test, vi } from 'vitest'
import { createKeyCache } from './key-cache.ts'

const setUp = (most = 10) => {
  const clock = testClock('2026-06-01T00:00:00Z')
  const cache = createKeyCache<string>({ most, now: clock.now })
  const load = vi.fn(async () => 'key')
  const get = (id: string, until = clock.now() + 86_400_000) => cache.get(id, until, load)
  return { clock, cache, load, get }
}

test('callers that ask at once share one load, later ones its result', async () => {
  const { get, load } = setUp()
  expect(await Promise.all([get('a'), get('a'), get('a')])).toEqual(['key', 'key', 'key'])
  expect(await get('a')).toBe('key')
  expect(load).toHaveBeenCalledTimes(1)
})

test('what failed or was not found is asked for again', async () => {
  const { get, load } = setUp()
  load.mockRejectedValueOnce(new Error('away'))
  await expect(get('a')).rejects.toThrow('away')
  expect(await get('a')).toBe('key')
  const nothing = vi.fn(async () => undefined)
  const { cache, clock } = setUp()
  await cache.get('b', clock.now() + 1_000, nothing)
  await cache.get('b', clock.now() + 1_000, nothing)
  expect(nothing).toHaveBeenCalledTimes(2)
})

test('it is bounded: the least recently used goes first', async () => {
  const { get, load } = setUp(2)
  await get('a')
  await get('b')
  await get('a')
  await get('c')
  load.mockClear()
  await get('a')
  expect(load).not.toHaveBeenCalled()
  await get('b')
  expect(load).toHaveBeenCalledTimes(1)
})

test('no key is kept past its end, nor for long without asking again', async () => {
  const { get, load, clock } = setUp()
  const until = clock.now() + 1_000
  await get('a', until)
  clock.set(until - 1)
  await get('a', until)
  expect(load).toHaveBeenCalledTimes(1)
  clock.set(until)
  await get('a', until)
  expect(load).toHaveBeenCalledTimes(2)
  load.mockClear()
  await get('b')
  clock.advance(5 * 60_000)
  await get('b')
  expect(load).toHaveBeenCalledTimes(2)
})

test('what is due can be dropped at once', async () => {
  const { get, load, cache, clock } = setUp()
  await get('a', clock.now() + 1_000)
  await get('b', clock.now() + 2_000)
  cache.forgetDue(clock.now() + 1_000)
  load.mockClear()
  await get('b', clock.now() + 2_000)
  expect(load).not.toHaveBeenCalled()
  await get('a', clock.now() + 1_000)
  expect(load).toHaveBeenCalledTimes(1)
})
