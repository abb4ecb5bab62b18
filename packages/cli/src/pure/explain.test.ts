import { describe, expect, test } from 'vitest'
import { type Explained, explain } from './explain.ts'

const [north, south] = ['optik|shopify|north|1', 'optik|woocommerce|south|7']
const from = (record: string) => [{ record, since: '2026-03-14T12:00:00.000Z', event: `e-${record.at(-1)}` }]
const side = (record: string, fate: string, values: object, problems: object[] = []) => ({
  ...{ record, fate, values, problems },
  since: '2026-03-14T12:00:00.000Z',
})
const user = (more: object): Explained => ({
  kind: 'user',
  document: {
    ...{ _id: north, version: 4, policyVersion: 1, syncedAt: '2026-03-15T00:00:00.000Z', deleted: false },
    ...{ members: [north, south], conflicts: [], provenance: {} },
    identity: { joined: [{ records: [north, south], by: 'email' }], apart: [] },
    ...more,
  },
  addresses: new Map([
    [north, 'ann@x.at'],
    [south, 'ann@x.at'],
  ]),
  decisions: new Map([['d1', { by: 'mia', why: 'she said so', at: '2026-03-16T00:00:00.000Z' }]]),
})
const about = (field: string, more: object) => explain(user(more)).find((line) => line.startsWith(`${field} is`))

test('what it is, as of when, and why its accounts are one', () => {
  expect(explain(user({}))).toEqual([
    `user ${north}, version 4, by policy 1, as of 2026-03-15T00:00:00.000Z`,
    'shopify/north 1, woocommerce/south 7 are one person: each states the e-mail address ann@x.at.',
  ])
  expect(explain(user({ identity: undefined }))[1]).toBe('shopify/north 1, woocommerce/south 7 are one person.')
  expect(explain(user({ members: [north], identity: undefined }))[1]).toMatch(
    /^It is the account shopify\/north 1 alone: no other account/,
  )
})

test('a field that nobody disputes, and one that nobody states', () => {
  const provenance = { firstName: { rule: 'last_write_wins', from: from(north) } }
  expect(about('firstName', { firstName: 'Ann', provenance })).toBe(
    'firstName is "Ann": said by shopify/north 1 since 2026-03-14T12:00:00.000Z (event e-1), and nobody says anything else (last_write_wins).',
  )
  expect(about('phone', { phone: null })).toBe('phone is empty: no living member states anything that could be shown.')
})

test('who lost, by which rule, and what failed its check', () => {
  const provenance = { phone: { rule: 'merge_with_validation', from: from(north) } }
  const conflicts = [
    {
      ...{ group: 'phone', fields: ['phone'], open: true, rule: 'merge_with_validation' },
      sides: [
        side(north, 'shown', { phone: '1' }),
        side(south, 'left_out', { phone: 'call me' }, [{ field: 'phone', problem: 'is no phone number' }]),
      ],
    },
  ]
  expect(about('phone', { phone: '1', provenance, conflicts })).toBe(
    'phone is "1": what stores state, checked and put together (merge_with_validation), said by shopify/north 1 since 2026-03-14T12:00:00.000Z (event e-1); left out: "call me" of woocommerce/south 7 since 2026-03-14T12:00:00.000Z, which is no phone number.',
  )
})

test('who decided, and for what reason', () => {
  const provenance = { phone: { rule: 'decision', decision: 'd1', from: [] } }
  const conflicts = [
    { group: 'phone', fields: ['phone'], rule: 'decision', sides: [side(south, 'outvoted', { phone: '2' })] },
  ]
  expect(about('phone', { phone: '1', provenance, conflicts, decisions: ['d1'] })).toBe(
    'phone is "1": mia decided on 2026-03-16T00:00:00.000Z: she said so; outvoted: "2" of woocommerce/south 7 since 2026-03-14T12:00:00.000Z.',
  )
})

test('an item: the numbers that joined its offers, and those that did not count', () => {
  const members = [`${north}|1`, `${south}|2`]
  const identity = {
    by: ['optik|gtin|04006381333931'],
    ignored: [{ key: 'optik|sku|S-1', why: 'double' }],
  }
  expect(explain({ ...user({ members, identity }), kind: 'item' }).slice(1)).toEqual([
    'shopify/north 1|1, woocommerce/south 7|2 are one item: they share GTIN 04006381333931.',
    'SKU S-1 did not count: two offers of one store have it, so it does not say which of them is meant.',
  ])
})

describe('who is one, and who is not', () => {
  const [west, east] = ['optik|shopify|west|3', 'optik|html|east|4']
  const verdict = { verdict: 'd1' }
  const who = (identity: object, members = [north]) => explain(user({ members, identity })).slice(1)
  test('each edge of the path: an address, or somebody’s word', () => {
    const joined = [
      { records: [south, west], by: 'verdict', ...verdict },
      { records: [north, south], by: 'email' },
      { records: [north, east], by: 'email' },
    ]
    expect(who({ joined, apart: [] }, [north, south, west, east])).toEqual([
      'shopify/north 1, woocommerce/south 7, html/east 4 are one person: each states the e-mail address ann@x.at.',
      'woocommerce/south 7 and shopify/west 3 are one person: mia said on 2026-03-16T00:00:00.000Z that they are the same: she said so.',
    ])
  })
  test.each([
    [{ why: 'role' }, /^shopify\/north 1: the e-mail address ann@x\.at joins nobody: whoever sits at that desk/],
    [{ why: 'placeholder' }, /it stands where there is no address/],
    [{ why: 'relay' }, /a marketplace’s/],
    [{ why: 'many', asks: true }, /more than 20 accounts would be one person\. A person is asked/],
    [
      { why: 'one_store', from: [south, west], asks: true },
      /not one with woocommerce\/south 7, shopify\/west 3: by the e-mail address ann@x\.at, two accounts of one store/,
    ],
    [{ why: 'not_same', from: [south], asks: false }, /is of two who are not the same person\.$/],
    [
      { why: 'verdict', says: 'not_same', from: [south], ...verdict },
      /not one with woocommerce\/south 7: mia said on 2026-03-16T00:00:00\.000Z that they are not the same: she said so\.$/,
    ],
    [{ why: 'verdict', says: 'unsure', from: [south], ...verdict }, /that it cannot be told: she said so\.$/],
    [
      { why: 'verdict', says: 'same', from: [south], asks: true, ...verdict },
      /that they are the same: she said so; that contradicts what was said of others\. A person is asked/,
    ],
  ])('%j', (apart, sentence) => {
    const [alone, reason] = who({ joined: [], apart: [{ of: [north], from: [], asks: false, ...apart }] })
    expect(alone).toBe('It is the account shopify/north 1 alone.')
    expect(reason).toMatch(sentence)
  })
})

test('of an account that was erased, nothing but that', () => {
  const document = { _id: north, version: 5, policyVersion: 1, syncedAt: '2026-03-15T00:00:00.000Z' }
  const mark = { ...document, erased: true, erasedAt: '2026-03-14T12:00:00.000Z' }
  expect(explain({ kind: 'user', document: mark, addresses: new Map(), decisions: new Map() })).toEqual([
    `user ${north}, version 5, by policy 1, as of 2026-03-15T00:00:00.000Z`,
    'It was erased: what was stated until 2026-03-14T12:00:00.000Z is gone, and whose it was.',
  ])
})
