import { describe, expect, test } from 'vitest'
import { readReportQuery } from './query.ts'

const query = { merchant: 'acme', from: '2026-05-01', to: '2026-05-02-06' }

test('days are their first hour; the rest has defaults', () => {
  expect(readReportQuery('orders', query)).toMatchObject({
    ok: true,
    query: {
      ...{ merchantId: 'acme', from: Date.UTC(2026, 4, 1), to: Date.UTC(2026, 4, 2, 6), grain: 'hour', limit: 1_000 },
      ...{ by: ['platform', 'store'], dimension: 'all', format: 'json' },
    },
  })
})

describe('hours of a zone', () => {
  test.each([
    ['Europe/Vienna', '2026-05-01', '2026-04-30T22:00:00.000Z'],
    ['America/New_York', '2026-01-01-05', '2026-01-01T10:00:00.000Z'],
    // the hour that a clock skips has begun when it goes on
    ['Europe/Vienna', '2026-03-29-02', '2026-03-29T01:00:00.000Z'],
    // of the hour that a clock has twice, the first one
    ['Europe/Vienna', '2026-10-25-02', '2026-10-25T00:00:00.000Z'],
    ['Pacific/Kiritimati', '2026-05-01', '2026-04-30T10:00:00.000Z'],
  ])('%s %s', (zone, from, instant) => {
    const read = readReportQuery('orders', { ...query, zone, from, to: '2026-11-01' })
    expect(read.ok && new Date(read.query.from).toISOString()).toBe(instant)
  })
})

describe('refused, naming the parameter', () => {
  test.each([
    ['merchant', { merchant: undefined }],
    ['merchant', { merchant: ['a', 'b'] }],
    ['from', { from: '2026-13-01' }],
    ['from', { from: '2026-02-30' }],
    ['from', { from: '2026-05-01-24' }],
    ['from', { from: { $gt: '' } }],
    ['to', { to: '2026-05-01' }],
    ['to', { to: '2027-06-01' }],
    ['zone', { zone: 'Vienna' }],
    ['zone', { zone: 'Asia/Kolkata' }],
    ['platform', { platform: 'etsy' }],
    ['currency', { currency: 'euro' }],
    ['limit', { limit: '0' }],
    ['limit', { limit: '10001' }],
    ['by', { by: 'store,hour' }],
    ['dimension', { dimension: 'algorithm' }],
    ['grain', { grain: 'week' }],
    ['format', { format: 'xml' }],
    ['hours', { hours: '3' }],
  ])('%s %o', (parameter, change) => {
    expect(readReportQuery('orders', { ...query, ...change })).toMatchObject({ ok: false, problems: [{ parameter }] })
  })

  test('all problems at once', () => {
    const read = readReportQuery('sessions', { from: 'x', limit: '-1', store: 'a' })
    expect(read.ok ? [] : read.problems.map(({ parameter }) => parameter).sort()).toEqual([
      ...['from', 'limit', 'merchant', 'store', 'to'],
    ])
  })
})
