import { describe, expect, test } from 'vitest'
import { sampleTime } from '../../test-orders.ts'
import { interacted, sessionStated } from '../../test-sessions.ts'
import { isMany } from '../facts/links.ts'
import { foldSession } from '../facts/session-fact.ts'
import { statedSession } from '../facts/session-statement.ts'
import { byLinks, newestOf, spansOf } from './candidates.ts'

const minute = 60_000
const store = { source: 'html', storeId: 'acme-shop' }
const person = (customerId: string) => `p|acme|html|acme-shop|${customerId}`

/** A session of a customer that began after so many minutes and was heard of last after some more. */
function session(entityId: string, customerId: string | null, began: number, lastAfter = 0) {
  const events = [
    {
      record: 'AiSessionStated' as const,
      value: sessionStated({ ...store, entityId, customerId, eventId: 'e1', platformAt: sampleTime + began * minute }),
    },
    {
      record: 'Interaction' as const,
      value: interacted({ ...store, entityId, eventId: 'e2', platformAt: sampleTime + (began + lastAfter) * minute }),
    },
  ]
  return foldSession(
    undefined,
    events.flatMap((event) => {
      const read = statedSession(event)
      return read.ok === true ? [read.statement] : []
    }),
  )
}

describe('orders that sessions may concern', () => {
  const day = 24 * 60
  test.each([
    [
      'those of a customer from when the session began',
      [session('s-1', 'c-1', 5, 20)],
      [{ links: [person('c-1')], from: 5, to: 25 + day }],
    ],
    ['none by what very many have, of a session that has nothing of it', [session('s-1', null, 5)], []],
    [
      'a late one does not make those of others any older',
      [session('s-1', 'c-1', 600), session('s-2', 'c-2', 615), session('s-3', 'c-3', 0, 7)],
      [
        { links: [person('c-1'), person('c-2')], from: 600, to: 615 + day },
        { links: [person('c-3')], from: 0, to: 7 + day },
      ],
    ],
  ])('%s', (_, sessions, spans) => {
    expect(spansOf(sessions, day * minute)).toEqual(
      spans.map(({ links, from, to }) => ({ links, from: sampleTime + from * minute, to: sampleTime + to * minute })),
    )
  })
})

test('of those of a time that have a link the newest, as many as are wanted', () => {
  const known = byLinks(
    [session('s-1', 'c-1', 0), session('s-2', 'c-1', 10), session('s-3', 'c-1', 20), session('s-4', 'c-2', 15)],
    isMany,
  )
  const span = { links: [person('c-1')], from: sampleTime, to: sampleTime + 19 * minute }
  const ids = (most: number) => newestOf(known, span, most).map(({ entityId }) => entityId)
  expect(ids(10)).toEqual(['s-2', 's-1'])
  expect(ids(1)).toEqual(['s-2'])
})
