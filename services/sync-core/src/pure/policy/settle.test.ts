import { fc, test } from '@fast-check/vitest'
import { describe, test as example, expect } from 'vitest'
import { noon } from '../../../test/events.ts'
import { momentOf } from '../moment.ts'
import type { Plain, PlainObject } from '../plain.ts'
import type { Member } from './candidate.ts'
import type { Decision } from './decide.ts'
import { type CanonicalDocument, fieldGroups } from './field-groups.ts'
import type { Rule } from './policy.ts'
import { type SettledGroup, settle } from './settle.ts'

const order = ['shopify', 'magento', 'woocommerce', 'html']
const member = (name: string, values: PlainObject, since = 0, country?: string): Member => {
  const [platform = '', storeId = ''] = name.split('/')
  const moment = momentOf({ platformAt: noon + since, triggeredAt: null, eventId: `event of ${name}` })
  return {
    ...{ id: name, platform, storeId },
    around: { country },
    valueOf: (field) => values[field] ?? null,
    sinceOf: (field) => (values[field] === undefined ? undefined : { moment, at: noon + since }),
  }
}
const groupOf = (path: string) => {
  const [document = 'users', name] = path.split('.')
  const group = fieldGroups[document as CanonicalDocument].find((each) => each.name === name)
  if (group === undefined) throw new Error(path)
  return group
}
const rule = (strategy: Rule['strategy'], rest: Partial<Rule> = {}): Rule => ({
  ...{ strategy, choose: 'source_priority', priority: order },
  ...rest,
})
const settled = (
  path: string,
  by: Rule,
  members: readonly Member[],
  decisions: readonly Decision[] = [],
): SettledGroup => {
  const [result] = settle(members, [{ group: groupOf(path), rule: by }], decisions)
  if (result === undefined) throw new Error('nothing')
  return result
}
const fates = ({ sides }: SettledGroup) => Object.fromEntries(sides.map(({ record, fate }) => [record, fate]))

describe.each<[string, Rule, string, readonly Member[], PlainObject, Record<string, string>]>([
  [
    'the newest wins',
    rule('last_write_wins'),
    'users.phone',
    [member('shopify/a', { phone: '+43 1' }, 5), member('html/b', { phone: '+43 2' }, 6)],
    { phone: '+43 2' },
    { 'shopify/a': 'outvoted', 'html/b': 'shown' },
  ],
  [
    'of two as new the smaller id',
    rule('last_write_wins'),
    'users.phone',
    [member('shopify/b', { phone: '+43 2' }), member('shopify/a', { phone: '+43 1' })],
    { phone: '+43 1' },
    { 'shopify/a': 'shown', 'shopify/b': 'outvoted' },
  ],
  [
    'what is the same after normalising agrees',
    rule('last_write_wins'),
    'users.phone',
    [member('shopify/a', { phone: '+43 1 588013700' }), member('html/b', { phone: '01/588013700' }, 1, 'AT')],
    { phone: '01/588013700' },
    { 'shopify/a': 'agrees', 'html/b': 'shown' },
  ],
  [
    'the higher platform wins, however old',
    rule('source_priority'),
    'catalog.title',
    [member('html/b', { title: 'New' }, 9), member('magento/a', { title: 'Old' })],
    { title: 'Old' },
    { 'magento/a': 'shown', 'html/b': 'outvoted' },
  ],
  [
    'a store that is ranked by itself wins over its platform',
    rule('source_priority', { priority: ['shopify/b', 'shopify'] }),
    'catalog.title',
    [member('shopify/a', { title: 'A' }, 9), member('shopify/b', { title: 'B' }), member('html/c', { title: 'C' }, 99)],
    { title: 'B' },
    { 'shopify/a': 'outvoted', 'shopify/b': 'shown', 'html/c': 'outvoted' },
  ],
  [
    'who has nothing to say does not outvote',
    rule('source_priority'),
    'catalog.title',
    [member('shopify/a', { title: '' }), member('html/b', { title: 'B' })],
    { title: 'B' },
    { 'html/b': 'shown' },
  ],
  [
    'until a person decides, what stood first stands',
    rule('manual_review'),
    'users.email',
    [member('shopify/a', { email: 'b@x.at' }, 5), member('html/b', { email: 'a@x.at' }, 1)],
    { email: 'a@x.at' },
    { 'shopify/a': 'waiting', 'html/b': 'shown' },
  ],
  [
    'a value that the taxonomy does not know is left out, and the form of the others shown',
    rule('merge_with_validation'),
    'catalog.frameShape',
    [member('shopify/a', { frameShape: 'superb' }), member('html/b', { frameShape: 'Cat Eye' })],
    { frameShape: 'cat-eye' },
    { 'shopify/a': 'left_out', 'html/b': 'shown' },
  ],
  [
    'one bad length does not take the other lengths with it',
    rule('merge_with_validation'),
    'catalog.sizes',
    [member('shopify/a', { lensWidthMm: '5200', bridgeWidthMm: '18' }), member('html/b', { lensWidthMm: '52' })],
    { lensWidthMm: null, bridgeWidthMm: '18', templeLengthMm: null, lensHeightMm: null, frameWidthMm: null },
    { 'shopify/a': 'shown', 'html/b': 'outvoted' },
  ],
  [
    'sets are united, each element once',
    rule('merge_with_validation'),
    'catalog.recommendedFaceShapes',
    [
      member('shopify/a', { recommendedFaceShapes: ['Heart', 'oval'] }),
      member('html/b', { recommendedFaceShapes: ['herz', 'Rund', '??'] }),
    ],
    { recommendedFaceShapes: ['heart', 'oval', 'round'] },
    { 'shopify/a': 'shown', 'html/b': 'shown' },
  ],
  [
    'of maps each key has its newest value',
    rule('merge_with_validation'),
    'users.preferences',
    [
      member('shopify/a', { preferences: { shape: 'round', colour: 'red', __proto__x: 'a' } }, 1),
      member('html/b', { preferences: { shape: 'oval' } }, 2),
      member('html/c', { preferences: { shape: 'square' } }, 0),
    ],
    { preferences: { __proto__x: 'a', colour: 'red', shape: 'oval' } },
    { 'shopify/a': 'shown', 'html/b': 'shown', 'html/c': 'outvoted' },
  ],
  [
    'an opt-out anywhere wins, with its proof',
    rule('merge_with_validation'),
    'users.acceptsMarketing',
    [
      member('shopify/a', { acceptsMarketing: false, marketingOptInLevel: 'single_opt_in', marketingConsentAt: 7 }, 1),
      member('html/b', { acceptsMarketing: true, marketingOptInLevel: 'confirmed_opt_in', marketingConsentAt: 9 }, 2),
      member('html/c', { acceptsMarketing: false }, 0),
    ],
    { acceptsMarketing: false, marketingOptInLevel: 'single_opt_in', marketingConsentAt: 7 },
    { 'shopify/a': 'shown', 'html/b': 'outvoted', 'html/c': 'agrees' },
  ],
  [
    'a price and its currency come from one store',
    rule('source_priority'),
    'catalog.price',
    [member('html/b', { price: '9', currency: 'EUR' }), member('shopify/a', { price: '10' })],
    { price: '10', compareAtPrice: null, currency: null },
    { 'shopify/a': 'shown', 'html/b': 'outvoted' },
  ],
  [
    'prices that stores keep are nobody’s to settle',
    rule('per_store'),
    'catalog.price',
    [member('html/b', { price: '9' }), member('shopify/a', { price: '10' })],
    { price: null, compareAtPrice: null, currency: null },
    { 'shopify/a': 'shown', 'html/b': 'shown' },
  ],
])('%s', (_, by, path, members, values, expectedFates) => {
  example('whatever the order', () => {
    for (const some of [members, members.toReversed()]) {
      const result = settled(path, by, some)
      expect(result.values).toEqual(values)
      expect(fates(result)).toEqual(expectedFates)
    }
  })
})

example('addresses are united, and none mixes two stores’ lines', () => {
  const [wien, graz] = [
    { address1: 'Ring 1', city: 'Wien' },
    { address1: 'Ring 1', city: 'Graz' },
  ]
  const result = settled('users.addresses', rule('merge_with_validation'), [
    member('shopify/a', { addresses: [{ ...wien, id: '1' }] }),
    member('html/b', { addresses: [{ ...wien, city: 'WIEN', id: '9' }, graz, { company: 'nowhere' }] }),
  ])
  expect(result.values).toEqual({
    addresses: [
      { ...wien, city: 'WIEN', id: '9', record: 'html/b' },
      { ...graz, record: 'html/b' },
    ],
  })
  expect(result.sides[0]?.problems).toEqual([{ field: 'addresses', problem: 'names neither a street nor a place' }])
})

describe('a conflict', () => {
  const two = [member('shopify/a', { phone: '+431588013700' }, 3), member('html/b', { phone: '+4930901820' }, 8)]
  example('is there from when the second value came up; a rule that settles it leaves it closed', () => {
    expect(settled('users.phone', rule('last_write_wins'), two).conflict).toEqual({ open: false, since: noon + 8 })
    expect(settled('users.phone', rule('manual_review'), two).conflict).toEqual({ open: true, since: noon + 8 })
    expect(settled('users.phone', rule('manual_review'), two.slice(0, 1)).conflict).toBeUndefined()
  })
  example('is open where a value failed its check', () => {
    const bad = member('shopify/a', { frameShape: 'superb' }, 4)
    expect(settled('catalog.frameShape', rule('merge_with_validation'), [bad])).toMatchObject({
      values: { frameShape: null },
      conflict: { open: true, since: noon + 4 },
      sides: [{ event: 'event of shopify/a', problems: [{ field: 'frameShape' }] }],
    })
  })
  example('is not what is united', () => {
    const tags = [member('shopify/a', { tags: ['x'] }), member('html/b', { tags: ['y'] })]
    expect(settled('users.tags', rule('merge_with_validation'), tags).conflict).toBeUndefined()
    expect(settled('users.tags', rule('last_write_wins'), tags).conflict).toBeDefined()
  })
})

describe('a decision', () => {
  const at = (since: number, phone: string) => member('shopify/a', { phone }, since)
  const other = member('html/b', { phone: '+4930901820' }, 8)
  const judged = settled('users.phone', rule('manual_review'), [at(3, '+431588013700'), other]).sides.map(
    ({ record, digest = '', since }) => ({ record, digest, since }),
  )
  const decided = (pinned: boolean, values: PlainObject): Decision => ({
    ...{ id: 'd1', group: 'phone', at: 1 },
    says: { what: 'value', values, pinned, judged },
  })
  const shown = (members: readonly Member[], ...decisions: readonly Decision[]): [string, Plain | undefined] => {
    const { rule: by, values } = settled('users.phone', rule('last_write_wins'), members, decisions)
    return [by, values['phone']]
  }

  example('holds while all state what was judged', () => {
    expect(shown([at(3, '+431588013700'), other], decided(false, { phone: '+431588013700' }))).toEqual([
      'decision',
      '+431588013700',
    ])
  })
  example('holds when one comes to state what was decided', () => {
    expect(shown([at(99, '+43 1 588013700'), other], decided(false, { phone: '+431588013700' }))[0]).toBe('decision')
  })
  example('falls when one is edited, even back to what was judged, unless it is pinned', () => {
    for (const edited of [at(99, '+431111111'), member('html/b', { phone: '+4930901820' }, 99)]) {
      expect(shown([edited, other], decided(false, { phone: '+36' }))[0]).toBe('last_write_wins')
      expect(shown([edited, other], decided(true, { phone: '+36' }))).toEqual(['decision', '+36'])
    }
  })
  example('is replaced by a newer one, also by one that withdraws it', () => {
    const withdrawn: Decision = { id: 'd2', group: 'phone', at: 2, says: { what: 'withdrawn' } }
    const pinned = decided(true, { phone: '+36' })
    for (const decisions of [
      [pinned, withdrawn],
      [withdrawn, pinned],
    ]) {
      expect(shown([at(3, '+431588013700')], ...decisions)[0]).toBe('last_write_wins')
    }
  })
  example('about another group says nothing here', () => {
    expect(shown([at(3, '+43')], { ...decided(true, { phone: '+36' }), group: 'email' })[0]).toBe('last_write_wins')
  })
})

const strategies = fc.constantFrom<Rule['strategy']>(
  'source_priority',
  'last_write_wins',
  'merge_with_validation',
  'manual_review',
)
const anyMember = fc
  .record({
    name: fc.constantFrom('shopify/a', 'shopify/b', 'html/c', 'magento/d'),
    since: fc.nat(2),
    title: fc.constantFrom<Plain>('A', 'a', '', null),
    frameShape: fc.constantFrom<Plain>('Round', 'rund', 'superb', null),
    tags: fc.constantFrom<Plain>(['x'], ['x', 'y'], [], null),
  })
  .map(({ name, since, ...values }) => member(name, values, since))
test.prop([
  fc
    .uniqueArray(anyMember, { selector: ({ id }) => id, minLength: 1 })
    .chain((members) => fc.tuple(fc.constant(members), fc.shuffledSubarray(members, { minLength: members.length }))),
  strategies,
])('the result is a function of the set of members', ([members, shuffled], strategy) => {
  for (const path of ['catalog.title', 'catalog.frameShape', 'catalog.tags']) {
    expect(settled(path, rule(strategy), shuffled)).toEqual(settled(path, rule(strategy), members))
  }
})
