import { expect, test } from 'vitest'
import { waitUntil } from './wait-until.ts'

test('the first truthy answer is the result, errors before it are forgiven', async () => {
  let asked = 0
  const answer = await waitUntil(
    () => {
      asked += 1
      if (asked === 1) throw new Error('not there yet')
      return asked >= 3 ? 'there' : undefined
    },
    { everyMs: 1 },
  )
  expect(answer).toBe('there')
  expect(asked).toBe(3)
})

test('what never comes true is named, with the last error', async () => {
  const waiting = waitUntil(() => Promise.reject(new Error('refused')), { what: 'the server', withinMs: 5, everyMs: 1 })
  await expect(waiting).rejects.toThrow('not within 5 ms: the server')
  await expect(waiting).rejects.toMatchObject({ cause: { message: 'refused' } })
})
