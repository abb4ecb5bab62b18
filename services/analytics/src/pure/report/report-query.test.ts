import { describe, expect, test } from 'vitest'
import { readReportQuery } from './report-query.ts'

const march = { from: '2026-03-01', to: '2026-03-31' }

test('two days are enough: all stores, in UTC, as JSON', () => {
  expect(readReportQuery(march)).toEqual({ ok: true, query: { ...march, timezone: 'UTC', format: 'json' } })
})

test('a year that has a day more is no longer than a report may be', () => {
  expect(readReportQuery({ from: '2024-01-01', to: '2024-12-31' }).ok).toBe(true)
})

describe('every problem is named', () => {
  test.each([
    [{}, ['from', 'to']],
    [{ ...march, to: '2026-02-28' }, ['to']],
    [{ ...march, to: '2027-03-31' }, ['to']],
    [{ ...march, from: '2026-02-30' }, ['from']],
    [{ ...march, from: ['2026-03-01', '2026-03-02'] }, ['from']],
    [{ ...march, timezone: 'Mars/Olympus', format: 'xlsx', platform: 'etsy' }, ['timezone', 'platform', 'format']],
    [{ ...march, currency: 'eur', store: 'a|b', merchant: '' }, ['merchant', 'store', 'currency']],
    [{ ...march, shop: 'north' }, ['shop']],
  ])('%o', (given, parameters) => {
    const read = readReportQuery(given)
    expect(read.ok ? [] : [...new Set(read.problems.map(({ parameter }) => parameter))]).toEqual(parameters)
  })
})
