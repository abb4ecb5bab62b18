import { expect, test } from 'vitest'
import { bodyOf, takeBatch } from './take-batch.ts'

const queued = (count: number, letters: number) =>
  Array.from({ length: count }, (_, at) => ({ name: `${at}`, text: `"${'ü'.repeat(letters)}"` }))

test('a request has no more events and bytes than the collector takes, and always one', () => {
  expect(takeBatch([])).toEqual([])
  expect(takeBatch(queued(300, 100))).toHaveLength(50)
  expect(Buffer.byteLength(bodyOf(takeBatch(queued(300, 2_000)), 0))).toBeLessThan(64 * 1024)
  expect(takeBatch(queued(3, 1_000_000))).toHaveLength(1)
  expect(takeBatch(queued(3, 10)).map(({ name }) => name)).toEqual(['0', '1', '2'])
})

test('a body is JSON that says when it is sent', () => {
  const body = bodyOf([{ text: '{"id":"1"}' }, { text: '{"id":"2"}' }], Date.UTC(2026, 10, 22))
  expect(JSON.parse(body)).toEqual({ sentAt: '2026-11-22T00:00:00.000Z', events: [{ id: '1' }, { id: '2' }] })
})
