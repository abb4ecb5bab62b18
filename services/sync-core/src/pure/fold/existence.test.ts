import { describe, expect, test } from 'vitest'
import { contentOf, foldInBatches } from '../../../test/documents.ts'
import { customer, deletion, noon, statement } from '../../../test/events.ts'
import type { Event } from '../admit.ts'

const given = (...events: Event[]) => contentOf(foldInBatches(events.map((event) => [statement(event)])))
const stated = (at: number) => customer({ platformAt: noon + at, firstName: 'Ann' })
const gone = (at: number, rest = {}) => deletion('customer', { platformAt: noon + at, ...rest })

describe('a deleted record', () => {
  test('is a tombstone with the time and the reason', () => {
    expect(given(stated(0), gone(1, { reason: 'swept' }))).toMatchObject({
      deleted: true,
      deletedAt: new Date(noon + 1),
      deletedReason: 'swept',
      firstName: 'Ann',
    })
  })
  test('does not come back with an older statement, nor with one of the same time', () => {
    expect(given(gone(1), stated(0))).toMatchObject({ deleted: true })
    expect(given(gone(1), stated(1))).toMatchObject({ deleted: true })
  })
  test('comes back with a newer statement', () => {
    const revived = given(gone(1), stated(2))
    expect(revived).toMatchObject({ deleted: false, updatedAt: new Date(noon + 2) })
    expect(revived).not.toHaveProperty('deletedAt')
  })
  test('stays one for good where the platform never revives, yet takes in what was said of it', () => {
    expect(given(gone(1, { terminal: true }), stated(2))).toMatchObject({ deleted: true, firstName: 'Ann' })
  })
  test('may never have been seen alive', () => {
    expect(given(gone(1))).toMatchObject({ deleted: true, platformId: '1', addresses: [] })
  })
})
