import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { delivered, deliveredInTime, statementsOfOne } from '../../../test/arbitrary.ts'
import { contentOf, decimalText, foldInBatches, savedAt, valuesOf } from '../../../test/documents.ts'
import { fromDocument, toDocument } from '../document.ts'
import { foldRecord } from './fold-record.ts'

const runs = { numRuns: 1_500 }
const withDeliveries = (spread: number) =>
  statementsOfOne(spread).chain((statements) => fc.tuple(fc.constant(statements), delivered(statements)))

test.prop([withDeliveries(28)], runs)(
  'any order, any repetition, any batching ends in the same document, with the same dates',
  ([statements, batches]) => {
    expect(contentOf(foldInBatches(batches))).toEqual(contentOf(foldInBatches([statements])))
  },
)

test.prop([withDeliveries(100)], runs)(
  'values and existence converge without limit of time',
  ([statements, batches]) => {
    expect(valuesOf(foldInBatches(batches))).toEqual(valuesOf(foldInBatches([statements])))
  },
)

test.prop(
  [
    statementsOfOne(100, 20).chain((all) => {
      const statements = all.filter(({ moment }, at) => all.findIndex((other) => other.moment === moment) === at)
      return fc.tuple(fc.constant(statements), deliveredInTime(statements))
    }),
  ],
  runs,
)('dates converge also where old statements leave the log, if none comes a month late', ([statements, batches]) => {
  expect(contentOf(foldInBatches(batches))).toEqual(contentOf(foldInBatches([statements])))
})

test.prop([withDeliveries(100)], runs)('what was folded before changes nothing', ([statements, batches]) => {
  const record = foldInBatches(batches)
  for (const batch of [statements, ...batches]) {
    expect(foldRecord(record, batch)).toEqual({ record, changed: false })
  }
})

test.prop([withDeliveries(100)], runs)(
  'a decision changes something exactly when its document differs',
  ([, batches]) => {
    let held = foldInBatches(batches.slice(0, 1))
    for (const batch of batches.slice(1)) {
      const decision = foldRecord(held, batch)
      const { record } = decision
      const differs = JSON.stringify(contentOf(held)) !== JSON.stringify(contentOf(record)) || held.tie !== record.tie
      expect(decision.changed).toBe(differs)
      expect(decision.record.version).toBe(held.version + (differs ? 1 : 0))
      held = decision.record
    }
  },
)

test.prop([withDeliveries(100)], runs)('a record comes back from its document as it was', ([, batches]) => {
  const record = foldInBatches(batches)
  const document = toDocument(record, savedAt, decimalText)
  const read = fromDocument(document, record.kind, decimalText)
  expect(read).toEqual(record)
  expect(JSON.stringify(toDocument(read, savedAt, decimalText))).toBe(JSON.stringify(document))
})
