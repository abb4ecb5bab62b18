import { readFixture, withFixtures } from '@varai/testkit'
import { describe, expect, test } from 'vitest'
import { readAnswer } from './read-answer.ts'

const now = 0
const read = (status: number, body: unknown, retryAfter: string | null = null) =>
  readAnswer({ status, retryAfter, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) }, now)
const failed = (error: object, data?: unknown) => read(200, { ...(data !== undefined && { data }), errors: [error] })
const coded = (code: string, more: object = {}) => ({ message: 'No.', extensions: { code, ...more } })
const notApproved = 'This app is not approved to use the email field. See https://shopify.dev/x for more details.'

describe('200', () => {
  test('data, and what it cost', () => {
    const cost = {
      ...{ requestedQueryCost: 12, actualQueryCost: 7 },
      throttleStatus: { maximumAvailable: 1000.5, currentlyAvailable: 993, restoreRate: 50.0 },
    }
    expect(read(200, { data: { order: null }, extensions: { cost } })).toEqual({
      kind: 'data',
      data: { order: null },
      hidden: [],
      cost: { requested: 12, status: { maximumAvailable: 1000.5, currentlyAvailable: 993, restoreRate: 50 } },
    })
  })

  withFixtures(test)('THROTTLED, as the public sample has it', () => {
    const body = readFixture('shopify', 'graphql.throttled.json')
    expect(readAnswer({ status: 200, retryAfter: null, body }, now)).toEqual({
      kind: 'throttled',
      cost: { requested: 752, status: { maximumAvailable: 1000, currentlyAvailable: 666, restoreRate: 50 } },
    })
  })

  test.each<[string, ReturnType<typeof read>, object]>([
    ['THROTTLED without figures', failed(coded('THROTTLED')), { kind: 'throttled' }],
    [
      'a query too expensive',
      failed(coded('MAX_COST_EXCEEDED', { cost: 1293, maxCost: 1000 })),
      { kind: 'too-expensive', cost: 1293, limit: 1000 },
    ],
    ['no scope', failed(coded('ACCESS_DENIED')), { kind: 'refused', reason: 'access-denied' }],
    [
      'no scope for a part',
      failed({ ...coded('ACCESS_DENIED'), path: ['order', 'customer'] }, { order: { customer: null } }),
      { kind: 'refused', reason: 'access-denied', detail: 'ACCESS_DENIED at order.customer' },
    ],
    [
      'no access to the kind at all',
      failed(
        { message: notApproved.replace('use the email field', 'access the Order object'), path: ['order'] },
        { order: null },
      ),
      { kind: 'refused', reason: 'access-denied' },
    ],
    ['a query that is none', failed({ message: 'Parse error on "}"' }), { kind: 'refused', reason: 'invalid-query' }],
    ['an unknown field', failed(coded('undefinedField')), { kind: 'refused', reason: 'invalid-query' }],
    ['a closed shop', failed(coded('SHOP_INACTIVE')), { kind: 'refused', reason: 'shop-closed' }],
    ['their fault', failed(coded('INTERNAL_SERVER_ERROR'), null), { kind: 'unavailable', reason: 'server' }],
    [
      'their fault, without a code',
      failed({ message: 'Internal error. Looks like…' }),
      { kind: 'unavailable', reason: 'server' },
    ],
    [
      'their fault in a part',
      failed({ ...coded('INTERNAL_SERVER_ERROR'), path: ['order'] }, { order: {} }),
      { kind: 'unavailable', reason: 'server' },
    ],
    ['data null and no word why', read(200, { data: null }), { kind: 'unavailable', reason: 'unreadable' }],
    ['a page for people', read(200, '<!doctype html>'), { kind: 'unavailable', reason: 'unreadable' }],
    ['a list', read(200, []), { kind: 'unavailable', reason: 'unreadable' }],
    ['nothing', read(200, ''), { kind: 'unavailable', reason: 'unreadable' }],
  ])('%s', (_, answer, expected) => {
    expect(answer).toMatchObject(expected)
  })

  test('a personal field that is refused is not there, and an address of which a part is refused is not either', () => {
    const data = { order: { name: '#1', email: null, phone: '1', shippingAddress: { city: null, country: 'AT' } } }
    const errors = [
      { message: notApproved, path: ['order', 'email'] },
      { message: notApproved.replace('email', 'city'), path: ['order', 'shippingAddress', 'city'] },
    ]
    expect(read(200, { data, errors })).toEqual({
      kind: 'data',
      data: { order: { name: '#1', phone: '1' } },
      hidden: ['order.email', 'order.shippingAddress.city'],
    })
  })

  test('no reason quotes what was asked or answered', () => {
    const answer = failed({ message: 'Variable $id of "gid://…/7" was invalid for ada@example.com' })
    expect(JSON.stringify(answer)).not.toMatch(/ada|gid/)
  })
})

test.each([
  [429, '2.0', { kind: 'unavailable', reason: 'throttled', retryAfterMs: 2_000 }],
  [430, null, { kind: 'unavailable', reason: 'throttled' }],
  [503, '1', { kind: 'unavailable', reason: 'server', retryAfterMs: 1_000 }],
  [500, null, { kind: 'unavailable', reason: 'server' }],
  [408, null, { kind: 'unavailable', reason: 'server' }],
  [401, null, { kind: 'refused', reason: 'unauthorised' }],
  [402, null, { kind: 'refused', reason: 'shop-closed' }],
  [403, null, { kind: 'refused', reason: 'access-denied' }],
  [404, null, { kind: 'refused', reason: 'no-such-shop' }],
  [423, null, { kind: 'refused', reason: 'shop-closed' }],
  [302, null, { kind: 'refused', reason: 'no-such-shop' }],
  [400, null, { kind: 'refused', reason: 'invalid-query' }],
])('HTTP %i', (status, retryAfter, expected) => {
  expect(read(status, { errors: 'No.' }, retryAfter)).toMatchObject(expected)
})
