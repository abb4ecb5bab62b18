import { IncompatibleSchema, RegistryAway } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { expect, test, vi } from 'vitest'
import { connectPublisher } from './connect-publisher.ts'

const log = createLog({ service: 'test', level: 'silent' })
const connecting = (connect: () => Promise<void>, stopping = new AbortController().signal) =>
  connectPublisher({ publisher: { connect }, records: ['OrderStated'], log, stopping })

test('tries again until Kafka and the registry answer, and is not ready before', async () => {
  const connect = vi.fn(async () => undefined).mockRejectedValueOnce(new RegistryAway('away'))
  const { check, done } = connecting(connect)
  expect(check).toThrow('has not been reached')
  await done
  expect(check).not.toThrow()
  expect(connect.mock.calls).toEqual([[['OrderStated']], [['OrderStated']]])
})

test('a registry that refuses our schemas is no matter of waiting', async () => {
  const { check, done } = connecting(() => Promise.reject(new IncompatibleSchema('no')))
  await expect(done).rejects.toThrow(IncompatibleSchema)
  expect(check).toThrow()
})

test('a stop ends the waiting', async () => {
  const stop = new AbortController()
  const { done } = connecting(() => Promise.reject(new RegistryAway('away')), stop.signal)
  stop.abort()
  await done
})
