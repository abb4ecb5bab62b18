import { expect, test } from 'vitest'
import { changeLine } from './change-line.ts'

const change = {
  changeId: 'users|a|2',
  ...{ collection: 'users', documentId: 'optik|shopify|north|1', merchantId: 'optik', version: 2, kind: 'updated' },
  ...{ fields: ['phone', 'provenance'], causes: ['e2'], rule: 'users.phone: last_write_wins' },
  ...{ before: '{"phone":"1","provenance":{}}', after: '{"phone":"2"}', afterIs: 'whole' },
  at: Date.UTC(2026, 2, 14),
}

test('what a field held and holds, by which rule and event', () => {
  expect(changeLine(change)).toBe(
    '2026-03-14T00:00:00.000Z  change  users optik|shopify|north|1  version 2 updated  phone: "1" → "2"  by users.phone: last_write_wins  because of e2',
  )
})

test('a new document, one that leads elsewhere, and one whose values did not travel', () => {
  const line = (more: object) => changeLine({ ...change, causes: [], rule: null, ...more })
  expect(line({ kind: 'created', version: 1, before: null })).toMatch(/version 1 created {2}phone: "2"$/)
  const redirected = { kind: 'redirected', fields: ['redirectTo'], before: '{}', after: '{"redirectTo":"b"}' }
  expect(line(redirected)).toMatch(/redirected {2}redirectTo: empty → "b"$/)
  expect(line({ after: null, before: null, afterIs: 'too_large' })).toMatch(/updated {2}phone {2}\(too_large\)$/)
})
