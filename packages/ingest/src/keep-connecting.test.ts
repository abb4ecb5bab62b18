import { createLog } from '@varai/runtime'
import { expect, test, vi } from 'vitest'
import { keepConnecting } from './keep-connecting.ts'

const log = createLog({ service: 'test', level: 'silent' })
const hopeless = (error: unknown) => error instanceof TypeError
const connecting = (connect: () => Promise<unknown>, stopping = new AbortController().signal) =>
  keepConnecting({ to: 'it', connect, hopeless, log, stopping })

test('tries again until it answers, and is not ready before', async () => {
  const connect = vi.fn(async () => undefined).mockRejectedValueOnce(new Error('away'))
  const { check, done } = connecting(connect)
  expect(check).toThrow('it has not been reached yet')
  await done
  expect(check).not.toThrow()
  expect(connect).toHaveBeenCalledTimes(2)
})

test('what is hopeless is told at once', async () => {
  const { check, done } = connecting(() => Promise.reject(new TypeError('never')))
  await expect(done).rejects.toThrow('never')
  expect(check).toThrow()
})

test('a stop ends the waiting', async () => {
  const stop = new AbortController()
  const { done } = connecting(() => Promise.reject(new Error('away')), stop.signal)
  stop.abort()
  await done
})
