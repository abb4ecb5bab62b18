import { describe, expect, test } from 'vitest'
import { shipped } from '../../../test/apply.ts'
import { foldInBatches } from '../../../test/documents.ts'
import { customer, deletion, hours, noon, statement } from '../../../test/events.ts'
import type { Event } from '../admit.ts'
import { nobodyFor, rulesFor } from '../policy/policy.ts'
import { nothingKnown, personOf } from './person.ts'
import { projectPersons } from './user.ts'
import { pairOf, type Says } from './verdict.ts'

const said = (entityId: string, storeId: string, at: number, email = 'ann@x.at') =>
  customer({ entityId, storeId, email, createdAt: noon, platformAt: noon + at })
const closed = (entityId: string, storeId: string) =>
  deletion('customer', { entityId, storeId, platformAt: noon + hours(1) })
const [first, second, elsewhere] = ['north|1', 'north|2', 'south|3'].map((id) => `optik|shopify|${id}`) as [
  string,
  string,
  string,
]

/** The conflict of each document about who it is, by the document's id. */
function conflicts(records: readonly Event[][], says?: Says) {
  const verdicts = says === undefined ? [] : [{ id: 'v1', at: 1, says, pair: pairOf(first, second) }]
  const persons = records.map((events) => {
    const record = foldInBatches([events.map(statement)])
    return personOf(
      record,
      nothingKnown,
      verdicts.filter(({ pair }) => pair.includes(record.id)),
    )
  })
  const documents = projectPersons(persons, rulesFor(shipped, 'users', 'optik'), {
    nobodyBy: nobodyFor(shipped, 'optik'),
  })
  return Object.fromEntries(
    [...documents].map(([id, content]) => [
      id,
      'conflicts' in content ? content.conflicts.find(({ group }) => group === 'identity') : content,
    ]),
  )
}
const both = [[said('1', 'north', 1)], [said('2', 'north', 5)]]

describe('two accounts of one store with one address', () => {
  test('are in conflict at both, with their addresses, since the second came to have it', () => {
    const shown = conflicts(both)
    const sides = (own: string) => [
      { record: first, values: { email: 'ann@x.at' }, since: noon + 1, fate: own === first ? 'one' : 'other' },
      { record: second, values: { email: 'ann@x.at' }, since: noon + 5, fate: own === second ? 'one' : 'other' },
    ]
    for (const id of [first, second]) {
      expect(shown[id]).toMatchObject({ rule: 'one_store', open: true, since: noon + 5, sides: sides(id) })
    }
  })

  test.each([
    ['not_same', { rule: 'not_same', open: false }],
    ['unsure', { rule: 'one_store', open: false }],
  ] as const)('ask nobody any more when somebody said %s', (says, settled) => {
    expect(conflicts(both, says)[first]).toMatchObject(settled)
  })

  test('are one when somebody said so, and nothing is in conflict', () => {
    expect(conflicts(both, 'same')).toEqual({ [first]: undefined, [second]: { redirectTo: first } })
  })

  test('concern whoever else has the address', () => {
    const shown = conflicts([...both, [said('3', 'south', 9)]])
    expect(shown[elsewhere]).toMatchObject({
      sides: [
        { record: first, fate: 'other' },
        { record: second, fate: 'other' },
        { record: elsewhere, fate: 'one' },
      ],
    })
  })

  test('of which one is closed are no conflict', () => {
    const gone = [[said('1', 'north', 1), closed('1', 'north')], [said('2', 'north', 5)]]
    expect(conflicts(gone)).toEqual({ [first]: undefined, [second]: { redirectTo: first } })
    expect(conflicts(gone, 'not_same')).toEqual({ [first]: undefined, [second]: undefined })
  })
})

test('addresses that name nobody are no conflict', () => {
  const desk = [[said('1', 'north', 1, 'info@x.at')], [said('3', 'south', 2, 'info@x.at')]]
  expect(conflicts(desk)).toEqual({ [first]: undefined, [elsewhere]: undefined })
})
