import { describe, expect, test } from 'vitest'
import { shipped } from '../../../test/apply.ts'
import { isAddressPattern, nobodyBy } from './nobody.ts'
import { nobodyFor } from './policy.ts'

describe('by the shipped policy', () => {
  test.each([
    ['info@mueller.at', 'role'],
    ['sales+spring@mueller.at', 'role'],
    ['noreply@shop.at', 'placeholder'],
    ['a@a.a', 'placeholder'],
    ['till@localhost', 'placeholder'],
    ['deleted@site.invalid', 'placeholder'],
    ['test@x.at', 'placeholder'],
    ['ann@test.com', 'placeholder'],
    ['x7k2@marketplace.amazon.co.uk', 'relay'],
    ['x7k2@members.ebay.com', 'relay'],
    ['x7k2@relay.walmart.com', 'relay'],
    ['noreply@marketplace.amazon.de', 'relay'],
    ['ann@x.at', undefined],
    ['information@x.at', undefined],
    ['ann.info@x.at', undefined],
    ['info+ann@x.at', 'role'],
    ['buyer@amazon.de', undefined],
    ['ann@notmarketplace.amazon.de', undefined],
    // of one person and one merchant's apps, and it stays: it never joins two
    ['dpdcnf87nu@privaterelay.appleid.com', undefined],
    ['ann.7@example.com', undefined],
  ])('%s: %s', (address, why) => {
    expect(nobodyFor(shipped, 'optik')(address)).toBe(why)
  })
})

test('a merchant’s own lists are added to those for all, and `persons` win', () => {
  const rules = { roles: ['info@'], placeholders: ['till@x.at', '@y.at'], relays: [], persons: ['info@ann.at'] }
  const nobody = nobodyBy(rules)
  expect(
    ['info@ann.at', 'info@bea.at', 'till@x.at', 'till@z.at', 'a@y.at', 'a@sub.y.at', 'a@noty.at'].map(nobody),
  ).toEqual([undefined, 'role', 'placeholder', undefined, 'placeholder', 'placeholder', undefined])
})

test.each([
  ['info@', true],
  ['@x.at', true],
  ['info@x.at', true],
  ['@shop.x.*', true],
  ['info', false],
  ['@', false],
  ['a@b@c', false],
  ['*@x.at', false],
  ['a b@x.at', false],
])('%s is a pattern: %s', (text, is) => {
  expect(isAddressPattern(text)).toBe(is)
})
