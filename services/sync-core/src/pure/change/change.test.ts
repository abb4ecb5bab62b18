import { describe, expect, test } from 'vitest'
import { shipped } from '../../../test/apply.ts'
import { decimalText, foldInBatches } from '../../../test/documents.ts'
import { customer, noon, statement } from '../../../test/events.ts'
import { rulesFor } from '../policy/policy.ts'
import { nothingKnown, personOf } from '../project/person.ts'
import { projectUser, storedUser, userForms } from '../project/user.ts'
import { changeOf } from './change.ts'
import { imageOf } from './image.ts'

type Said = Parameters<typeof customer>[0]
const imageFor = (...all: Said[]) => {
  const records = [...Map.groupBy(all, ({ entityId }) => entityId).values()].map((of) =>
    foldInBatches([of.map((said) => statement(customer(said)))]),
  )
  const persons = records.map((record) => personOf(record, nothingKnown))
  const users = projectUser(persons, rulesFor(shipped, 'users', 'optik'))
  const head = [...users.values()][0]
  if (head === undefined) throw new Error('nobody')
  return imageOf(storedUser(head, decimalText), userForms(), decimalText)
}
const of = { collection: 'users', version: 2, at: noon }
const ann: Said = { entityId: '1', email: 'ann@x.at', firstName: 'Ann', preferences: { 'frame.shape': 'round' } }

describe('an image', () => {
  test('has times in ms and maps as objects, and says nothing of the machinery', () => {
    const image = imageFor({ ...ann, createdAt: noon - 5 })
    expect(image).toMatchObject({
      createdAt: noon - 5,
      preferences: { 'frame.shape': 'round' },
      provenance: { firstName: { rule: 'last_write_wins', from: [{ since: noon }] } },
    })
    expect(Object.keys(image)).not.toContain('phone')
  })
})

describe('a change', () => {
  test('of a new document: all it says, and the event that said it', () => {
    const change = changeOf(undefined, imageFor({ ...ann, eventId: 'e1' }), of)
    expect(change).toMatchObject({ kind: 'created', from: null, causes: ['e1'], version: 2, at: noon })
    expect(change.fields).toContain('firstName')
  })
  test('names what differs, what it held, the event and the rule', () => {
    const before = imageFor({ ...ann, eventId: 'e1' })
    const after = imageFor(
      { ...ann, eventId: 'e1' },
      { entityId: '1', firstName: 'Bea', platformAt: noon + 1, eventId: 'e2' },
    )
    expect(changeOf(before, after, of)).toMatchObject({
      kind: 'updated',
      fields: ['firstName', 'provenance'],
      from: expect.stringContaining('"firstName":"Ann"'),
      causes: ['e2'],
      rule: 'users.firstName: last_write_wins',
    })
  })
  test('a field that is cleared differs', () => {
    const before = imageFor({ ...ann, phone: '+43 1 5877000' })
    const change = changeOf(before, imageFor(ann), of)
    expect(change.fields).toContain('phone')
    expect(change.rule).toBeNull()
  })
  test('a document that leads elsewhere from now on is redirected; one whose members are all gone is deleted', () => {
    expect(changeOf(imageFor(ann), { redirectTo: 'x' }, of).kind).toBe('redirected')
    expect(changeOf(imageFor(ann), { ...imageFor(ann), deleted: true }, of).kind).toBe('deleted')
    expect(changeOf({ redirectTo: 'x' }, imageFor(ann), of)).toMatchObject({
      kind: 'updated',
      from: '{"redirectTo":"x"}',
    })
  })
  test('what was before is left out when it is too large', () => {
    expect(changeOf({ note: 'x'.repeat(70_000) }, { note: 'y' }, of)).toMatchObject({ fields: ['note'], from: null })
  })
})
