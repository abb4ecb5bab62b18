import { describe, expect, test } from 'vitest'
import { shipped } from '../../../test/apply.ts'
import { foldInBatches } from '../../../test/documents.ts'
import { customer, days, deletion, hours, minutes, noon, statement } from '../../../test/events.ts'
import type { Event } from '../admit.ts'
import { rulesFor } from '../policy/policy.ts'
import { nothingKnown, personOf } from './person.ts'
import { projectUser, type UserContent } from './user.ts'

/** The documents of records with one e-mail, each given by its statements. */
const given = (...records: Event[][]): Record<string, UserContent> =>
  Object.fromEntries(
    projectUser(
      records.map((events) => personOf(foldInBatches([events.map(statement)]), nothingKnown)),
      rulesFor(shipped, 'users', 'optik'),
    ),
  )
const north = (rest: Parameters<typeof customer>[0]) =>
  customer({ entityId: '1', storeId: 'north', createdAt: noon, ...rest })
const south = (rest: Parameters<typeof customer>[0]) =>
  customer({ entityId: '2', storeId: 'south', createdAt: noon + days(1), ...rest })
const [atNorth, atSouth] = ['optik|shopify|north|1', 'optik|shopify|south|2']

describe('a person', () => {
  test('has the id of the first account; the others redirect there', () => {
    const users = given([south({ email: 'a@x.at' })], [north({ email: 'a@x.at' })])
    expect(users[atSouth]).toEqual({ redirectTo: atNorth })
    expect(users[atNorth]).toMatchObject({
      deleted: false,
      createdAt: noon,
      members: [atNorth, atSouth],
      platforms: {
        shopify: [
          { storeId: 'north', id: '1', createdAt: noon },
          { storeId: 'south', id: '2', createdAt: noon + days(1) },
        ],
      },
    })
  })

  test('keeps that id when the first account is closed, and shows what the living say', () => {
    const closed = deletion('customer', { entityId: '1', storeId: 'north', platformAt: noon + hours(1) })
    const users = given([north({ firstName: 'Ann' }), closed], [south({ firstName: 'Anna' })])
    expect(users[atSouth]).toEqual({ redirectTo: atNorth })
    expect(users[atNorth]).toMatchObject({ deleted: false, values: { firstName: 'Anna' } })
    expect(users[atNorth]).toHaveProperty('platforms', { shopify: [expect.objectContaining({ storeId: 'south' })] })
  })

  test('is deleted when all accounts are', () => {
    const closed = deletion('customer', { entityId: '1', storeId: 'north', platformAt: noon + hours(1) })
    expect(given([north({ firstName: 'Ann' }), closed])[atNorth]).toMatchObject({
      deleted: true,
      deletedAt: noon + hours(1),
      platforms: {},
      values: { firstName: null, email: null },
      provenance: {},
    })
  })

  test('whose accounts do not say when they were made has the smallest id', () => {
    const users = given([south({ createdAt: null })], [north({ createdAt: null })])
    expect(users[atSouth]).toEqual({ redirectTo: atNorth })
    expect(given([south({})], [north({ createdAt: null })])[atNorth]).toEqual({ redirectTo: atSouth })
  })
})

describe('of several values', () => {
  test('the one shows that was edited last, with its origin', () => {
    const users = given([north({ phone: '+43 1' })], [south({ platformAt: noon + 1, phone: '+43 2' })])
    expect(users[atNorth]).toMatchObject({
      values: { phone: '+43 2' },
      provenance: {
        phone: { rule: 'last_write_wins', from: [{ record: atSouth, since: noon + 1, event: expect.any(String) }] },
      },
    })
  })

  test('restating one is no edit', () => {
    const restated = [north({ phone: '+43 1' }), north({ platformAt: noon + days(2), phone: '+43 1', locale: 'de' })]
    const users = given(restated, [south({ platformAt: noon + 1, phone: '+43 2' })])
    expect(users[atNorth]).toMatchObject({ values: { phone: '+43 2', locale: 'de' } })
  })

  test('a store whose clock is ahead does not win by that', () => {
    const ahead = north({ platformAt: noon + hours(5), at: noon + minutes(2), phone: '+43 1' })
    const users = given([ahead], [south({ platformAt: noon + minutes(3), phone: '+43 2' })])
    expect(users[atNorth]).toMatchObject({ values: { phone: '+43 2' } })
  })

  test('of the same time, the one of the smaller record shows', () => {
    const users = given([south({ phone: '+43 2' })], [north({ phone: '+43 1' })])
    expect(users[atNorth]).toMatchObject({ values: { phone: '+43 1' } })
  })

  test('a name comes whole from one account, also when only its half was edited last', () => {
    const users = given(
      [
        north({ firstName: 'Ann', lastName: 'Alt' }),
        north({ platformAt: noon + 2, firstName: 'Ann', lastName: 'Neu' }),
      ],
      [south({ platformAt: noon + 1, firstName: 'Anna', lastName: 'Zeh' })],
    )
    expect(users[atNorth]).toMatchObject({ values: { firstName: 'Ann', lastName: 'Neu' } })
    const half = given(
      [north({ firstName: 'Ann' })],
      [south({ platformAt: noon - 1, firstName: 'Anna', lastName: 'Zeh' })],
    )
    expect(half[atNorth]).toMatchObject({ values: { firstName: 'Ann', lastName: null } })
  })

  test('an account that knows none does not erase another’s', () => {
    const cleared = south({ platformAt: noon + days(1), cleared: ['phone', 'acceptsMarketing'] })
    const users = given([north({ phone: '+43 1', acceptsMarketing: false })], [cleared])
    expect(users[atNorth]).toMatchObject({ values: { phone: '+43 1', acceptsMarketing: false } })
  })
})
