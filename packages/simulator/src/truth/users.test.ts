import { describe, expect, test } from 'vitest'
import type { CustomerHistory, PersonalField, Run } from './customer-history.ts'
import { usersOf } from './users.ts'

type Said = Partial<Record<PersonalField, Run['value'] | readonly [value: Run['value'], since: number]>>

/** A customer as told: a value alone is one that it always had. */
function customer(name: string, says: Said, of: Partial<CustomerHistory> = {}): CustomerHistory {
  const run = (field: PersonalField): Run => {
    const told = says[field] ?? null
    return typeof told === 'object' && told !== null ? { value: told[0], since: told[1] } : { value: told, since: 1 }
  }
  const [storeId = '', platformId = ''] = name.split(' ')
  const merchantId = of.merchantId ?? 'optik'
  return {
    recordId: `${merchantId}|shopify|${storeId}|${platformId}`,
    merchantId,
    storeId,
    platformId,
    createdAt: new Date(0),
    changedAt: new Date(0),
    deletedAt: undefined,
    runs: {
      email: run('email'),
      phone: run('phone'),
      firstName: run('firstName'),
      lastName: run('lastName'),
      acceptsMarketing: run('acceptsMarketing'),
    },
    ...of,
  }
}
const born = (at: number) => ({ createdAt: new Date(at) })
const usersBy = (...customers: readonly CustomerHistory[]) => Object.fromEntries(usersOf(customers))

test('customers of one merchant with one address are one person, whatever its case, under the oldest account', () => {
  const users = usersBy(
    customer('north 1', { email: 'ADA@example.com ' }, born(2)),
    customer('south 9', { email: 'ada@Example.com' }, born(1)),
  )
  expect(users).toMatchObject({
    'optik|shopify|north|1': { redirectTo: 'optik|shopify|south|9' },
    'optik|shopify|south|9': {
      deleted: false,
      fields: {
        createdAt: new Date(1),
        members: ['optik|shopify|north|1', 'optik|shopify|south|9'],
        platforms: {
          shopify: [
            { storeId: 'north', id: '1', createdAt: new Date(2) },
            { storeId: 'south', id: '9', createdAt: new Date(1) },
          ],
        },
      },
    },
  })
})

test('of two accounts made at once the smaller id is the person’s', () => {
  const users = usersBy(customer('b 1', { email: 'a@b.c' }), customer('a 2', { email: 'a@b.c' }))
  expect(users['optik|shopify|b|1']).toMatchObject({ redirectTo: 'optik|shopify|a|2' })
})

test.each([
  ['of two merchants', [customer('a 1', { email: 'a@b.c' }), customer('a 2', { email: 'a@b.c' }, { merchantId: 'x' })]],
  ['without an address', [customer('a 1', { phone: '1' }), customer('b 1', { phone: '1' })]],
  ['of one shop, both open,', [customer('a 1', { email: 'a@b.c' }), customer('a 2', { email: 'a@b.c' })]],
  ['that are too many', Array.from({ length: 21 }, (_, at) => customer(`shop-${at} 1`, { email: 'a@b.c' }))],
  ['with other addresses', [customer('a 1', { email: 'a@b.c' }), customer('b 1', { email: 'b@b.c' })]],
])('customers %s are persons of their own', (_, customers) => {
  for (const user of usersOf(customers).values()) expect(user).toHaveProperty('fields')
})

test('whoever closes an account and opens another at the same shop is one person', () => {
  const closed = customer('a 1', { email: 'a@b.c' }, { deletedAt: new Date(5) })
  expect(usersBy(closed, customer('a 2', { email: 'a@b.c' }, born(1)))).toMatchObject({
    'optik|shopify|a|2': { redirectTo: 'optik|shopify|a|1' },
  })
})

describe('what is shown', () => {
  const shown = (...customers: readonly CustomerHistory[]) => {
    const user = usersOf(customers).get(customers[0]?.recordId ?? '')
    if (user === undefined || 'redirectTo' in user) throw new Error('no person')
    return user.fields
  }

  test('is what was changed last, a name as a whole', () => {
    const older = customer('a 1', { email: 'a@b.c', firstName: ['Ada', 10], lastName: ['Old', 10], phone: ['1', 30] })
    const newer = customer('b 1', { email: 'a@b.c', lastName: ['New', 20], phone: ['2', 20] })
    expect(shown(older, newer)).toMatchObject({ firstName: null, lastName: 'New', phone: '1' })
  })

  test('comes from those who know something', () => {
    const knows = customer('a 1', { email: 'a@b.c', phone: ['1', 10] })
    const cleared = customer('b 1', { email: 'a@b.c', phone: [null, 20] })
    expect(shown(knows, cleared)).toMatchObject({ phone: '1' })
  })

  test('comes from open accounts only, under the id of the oldest, closed or not', () => {
    const closed = customer('a 1', { email: 'a@b.c', phone: ['1', 90] }, { ...born(1), deletedAt: new Date(5) })
    const open = customer('b 1', { email: 'a@b.c', phone: ['2', 10] }, born(2))
    expect(shown(closed, open)).toMatchObject({ phone: '2', platforms: { shopify: [{ storeId: 'b' }] } })
  })

  test('is nothing when all accounts are closed', () => {
    const closed = customer('a 1', { email: 'a@b.c', phone: '1' }, { deletedAt: new Date(5) })
    expect(usersBy(closed)).toMatchObject({
      'optik|shopify|a|1': {
        deleted: true,
        fields: { deletedAt: new Date(5), email: null, phone: null, platforms: {} },
      },
    })
  })
})
