import { describe, expect, test } from 'vitest'
import { readHourlyQuery, toCursor } from './hourly-query.ts'

const query = { merchant: 'acme', from: '2026-05-01', to: '2026-05-02-06' }

test('days are their first hour; the rest has defaults', () => {
  expect(readHourlyQuery(query)).toEqual({
    ok: true,
    query: { merchantId: 'acme', from: '2026-05-01-00', to: '2026-05-02-06', limit: 1_000 },
  })
})

test('a cursor reads back as the place it named', () => {
  const after = { hour: '2026-05-01-03', id: 'orders|acme|shopify|acme.myshopify.com|2026-05-01-03|EUR' }
  expect(readHourlyQuery({ ...query, cursor: toCursor(after) })).toMatchObject({ ok: true, query: { after } })
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
    ['platform', { platform: 'etsy' }],
    ['currency', { currency: 'euro' }],
    ['limit', { limit: '0' }],
    ['limit', { limit: '10001' }],
    ['cursor', { cursor: 'nonsense' }],
    ['cursor', { cursor: Buffer.from('["a",{"$gt":""}]').toString('base64url') }],
    ['hours', { hours: '3' }],
  ])('%s %o', (parameter, change) => {
    expect(readHourlyQuery({ ...query, ...change })).toMatchObject({ ok: false, problems: [{ parameter }] })
  })

  test('all problems at once', () => {
    const read = readHourlyQuery({ from: 'x', limit: '-1' })
    expect(read.ok ? [] : read.problems.map((one) => one.parameter)).toEqual(['merchant', 'from', 'to', 'limit'])
  })
})
