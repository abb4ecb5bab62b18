import { expect, test, vi } from 'vitest'
import { NoAnswer } from './get.ts'
import { patiently } from './patiently.ts'

const never = new AbortController().signal

test('a store is asked again when it wants to be, not earlier', async () => {
  const ask = vi.fn(async () => 'yes').mockRejectedValueOnce(new NoAnswer('429', 60))
  const began = performance.now()
  expect(await patiently(ask, never, 1)).toBe('yes')
  // Timers may be a millisecond early.
  expect(performance.now() - began).toBeGreaterThan(58)
})

test('three times more, and then its last word counts', async () => {
  const ask = vi.fn(() => Promise.reject(new NoAnswer('503')))
  await expect(patiently(ask, never, 1)).rejects.toThrow('503')
  expect(ask).toHaveBeenCalledTimes(4)
})

test('one that wants to be left alone for long is left alone', async () => {
  const ask = vi.fn(() => Promise.reject(new NoAnswer('429', 60_000)))
  await expect(patiently(ask, never)).rejects.toMatchObject({ afterMs: 60_000 })
  expect(ask).toHaveBeenCalledTimes(1)
})

test('a mistake of ours is not tried again; who is told to stop stops', async () => {
  const wrong = vi.fn(() => Promise.reject(new RangeError('ours')))
  await expect(patiently(wrong, never)).rejects.toThrow('ours')
  expect(wrong).toHaveBeenCalledTimes(1)
  const stop = new AbortController()
  const asked = patiently(() => Promise.reject(new NoAnswer('503')), stop.signal)
  stop.abort(new Error('stopping'))
  await expect(asked).rejects.toThrow('stopping')
})
