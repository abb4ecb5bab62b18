import { describe, expect, test } from 'vitest'
import { nobodyFor, rulesFor } from '../pure/policy/policy.ts'
import { shippedPolicy } from './load-policy.ts'
import { parsePolicy } from './parse-policy.ts'
import { policyText } from './policy-text.ts'

const shipped = await shippedPolicy()
const errorsIn = (text: string) => {
  const parsed = parsePolicy(text, shipped)
  return parsed.ok ? [] : parsed.errors.map(({ line, text: what }) => `${line}: ${what}`)
}
const parsed = (text: string) => {
  const result = parsePolicy(text, shipped)
  if (!result.ok) throw new Error(JSON.stringify(result.errors))
  return result.policy
}
const ruleFor = (policy: typeof shipped, merchantId: string, document: 'users' | 'catalog', group: string) =>
  rulesFor(policy, document, merchantId).find((each) => each.group.name === group)?.rule

test('the shipped policy has a rule for everything, as the domain wants it', () => {
  expect(ruleFor(shipped, 'any', 'users', 'name')?.strategy).toBe('last_write_wins')
  expect(ruleFor(shipped, 'any', 'users', 'email')?.strategy).toBe('manual_review')
  expect(ruleFor(shipped, 'any', 'catalog', 'title')).toEqual({
    strategy: 'source_priority',
    choose: 'last_write_wins',
    priority: ['shopify', 'magento', 'woocommerce', 'html'],
  })
  expect(ruleFor(shipped, 'any', 'catalog', 'sizes')).toMatchObject({ choose: 'source_priority' })
  expect(ruleFor(shipped, 'any', 'catalog', 'price')?.strategy).toBe('per_store')
})

test('a file names what differs, for all or for one merchant', () => {
  const policy = parsed(`
version: 7
users:
  phone: { strategy: manual_review }
merchants:
  optik:
    priority: [html, shopify/north.myshopify.com]
    catalog:
      price: { strategy: source_priority, priority: ['woocommerce/https://x.at/shop'] }
`)
  expect(policy.version).toBe(7)
  expect(ruleFor(policy, 'optik', 'users', 'phone')?.strategy).toBe('manual_review')
  expect(ruleFor(policy, 'optik', 'users', 'name')?.strategy).toBe('last_write_wins')
  expect(ruleFor(policy, 'optik', 'catalog', 'title')?.priority).toEqual(['html', 'shopify/north.myshopify.com'])
  expect(ruleFor(policy, 'optik', 'catalog', 'price')?.priority).toEqual(['woocommerce/https://x.at/shop'])
  expect(ruleFor(policy, 'rival', 'catalog', 'title')).toEqual(ruleFor(shipped, 'rival', 'catalog', 'title'))
  expect(ruleFor(policy, 'constructor', 'catalog', 'title')).toEqual(ruleFor(shipped, 'rival', 'catalog', 'title'))
})

test('its text reads as the same policy, and is one for one policy', () => {
  const policy = parsed(
    'version: 2\nmerchants: { b: { priority: [html] }, a: { users: { tags: { strategy: manual_review } } } }',
  )
  const again = parsePolicy(policyText(policy))
  expect(again).toEqual({ ok: true, policy })
  expect(
    policyText(
      parsed('version: 2\nmerchants: { a: { users: { tags: { strategy: manual_review } } }, b: { priority: [html] } }'),
    ),
  ).toBe(policyText(policy))
})

describe('errors name the line and the field', () => {
  test.each<[string, string[]]>([
    ['users: {}', ['1: version is not usable; expected a whole number from 1 on']],
    ['version: 0', ['1: version is below 1']],
    ['version: 1\nuser: {}', ['2: user is not a known key; did you mean users?']],
    [
      'version: 1\nusers:\n  phone: { strategy: newest }\n  phones: { strategy: manual_review }',
      [
        '3: users.phone.strategy is "newest"; known here: source_priority, last_write_wins, merge_with_validation, manual_review',
        '4: phones is not a known key; did you mean phone?',
      ],
    ],
    [
      'version: 1\nusers:\n  phone: {}',
      [
        '3: users.phone.strategy is missing; expected a strategy: source_priority, last_write_wins, merge_with_validation, manual_review',
      ],
    ],
    [
      'version: 1\nusers:\n  acceptsMarketing:\n    strategy: last_write_wins',
      [
        '4: users.acceptsMarketing.strategy is "last_write_wins"; expected merge_with_validation: an opt-out anywhere wins',
      ],
    ],
    [
      'version: 1\ncatalog:\n  tags: { strategy: merge_with_validation, choose: source_priority }',
      ['3: catalog.tags.choose has nothing to choose from: it follows merge_with_validation of single values'],
    ],
    [
      'version: 1\npriority: [shopify, ebay]',
      ['2: priority[1] is "ebay"; expected a platform, or a store as platform/store'],
    ],
    [
      'version: 1\nusers:\n  tags: { strategy: per_store }',
      [expect.stringContaining('3: users.tags.strategy is "per_store"')],
    ],
    ['version: 1\nmerchants:\n  optik:\n    catalogue: {}', ['4: catalogue is not a known key; did you mean catalog?']],
    ['version: [', [expect.stringMatching(/^1: /)]],
  ])('%j', (text, errors) => {
    expect(errorsIn(text)).toEqual(errors)
  })

  test('a shipped file must be whole', () => {
    expect(parsePolicy('version: 1')).toEqual({
      ok: false,
      errors: [{ line: 1, text: 'users.name is missing; it needs a rule' }],
    })
  })
})

test('addresses that name no person: own lists are added, for all or for one merchant, and mistakes are named', () => {
  const policy = parsed(`
version: 3
identity: { placeholders: [till@Optik.at] }
merchants:
  optik: { identity: { persons: [info@optik.at] } }
`)
  expect([...nobodyAsked].map(nobodyFor(policy, 'optik'))).toEqual(['placeholder', undefined, 'role'])
  expect([...nobodyAsked].map(nobodyFor(policy, 'rival'))).toEqual(['placeholder', 'role', 'role'])
  expect(errorsIn('version: 3\nidentity:\n  roles:\n    - info')).toEqual([
    expect.stringMatching(/^4: identity.roles\[0\] .*expected addresses as name@, @domain or name@domain/),
  ])
})
const nobodyAsked = ['till@optik.at', 'info@optik.at', 'info@x.at']
