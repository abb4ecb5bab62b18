import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { takeAt, takeable } from './retry-plan.ts'

const holdMs = 30_000

describe('retry plan', () => {
  test('a record is taken when its time has come', () => {
    expect(takeAt({ notBefore: 5_000, writtenAt: 1_000 }, holdMs)).toBe(5_000)
  })

  test('one that must wait for long makes way after the hold', () => {
    expect(takeAt({ notBefore: 3_600_000, writtenAt: 1_000 }, holdMs)).toBe(31_000)
  })

  test('what is due is taken up to the first that is not', () => {
    const records = [1, 2, 9, 3].map((notBefore) => ({ notBefore, writtenAt: 0 }))
    expect(takeable(records, holdMs, 0)).toBe(0)
    expect(takeable(records, holdMs, 5)).toBe(2)
    expect(takeable(records, holdMs, 9)).toBe(4)
  })

  property.prop([fc.array(fc.record({ writeGap: fc.nat(60_000), delay: fc.nat(3_600_000) }), { minLength: 1 })])(
    'whatever lies before it, a record is taken at most the hold after its time',
    (steps) => {
      let writtenAt = 0
      const records = steps.map(({ writeGap, delay }) => {
        writtenAt += writeGap
        return { writtenAt, notBefore: writtenAt + delay }
      })
      let reached = 0
      for (const record of records) {
        reached = Math.max(reached, takeAt(record, holdMs))
        expect(reached).toBeLessThanOrEqual(Math.max(record.notBefore, record.writtenAt) + holdMs)
      }
    },
  )
})
