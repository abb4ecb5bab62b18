import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { shipped } from '../../../test/apply.ts'
import { foldInBatches } from '../../../test/documents.ts'
import { customer, deletion, hours, noon, statement } from '../../../test/events.ts'
import { isDeleted } from '../fold/existence.ts'
import { Components } from '../identity.ts'
import { nobodyFor } from '../policy/policy.ts'
import { nothingKnown, type Person, personOf } from './person.ts'
import { type Apart, mostMembers, type SamePerson, samePersons } from './same-person.ts'
import { pairOf, type Says, type Verdict } from './verdict.ts'

const idOf = (name: string): string => `optik|shopify|${name.split(' ').join('|')}`
const nameOf = (id: string): string => id.split('|').slice(2).join(' ')

/** An account, as `store id`. */
function account(name: string, email: string | null, verdicts: readonly Verdict[] = [], deleted = false): Person {
  const [storeId = '', entityId = ''] = name.split(' ')
  const said = customer({ storeId, entityId, email, createdAt: noon })
  const gone = deletion('customer', { storeId, entityId, platformAt: noon + hours(1) })
  const record = foldInBatches([[said, ...(deleted ? [gone] : [])].map(statement)])
  return personOf(
    record,
    nothingKnown,
    verdicts.filter(({ pair }) => pair.includes(record.id)),
  )
}

type Word = readonly [one: string, says: Says, other: string]
const verdictsOf = (words: readonly Word[]): Verdict[] =>
  words.map(([one, says, other], at) => ({ id: `v${at + 1}`, at, says, pair: pairOf(idOf(one), idOf(other)) }))

const identifying = { nobodyBy: nobodyFor(shipped, 'optik') }
const given = (accounts: readonly (readonly [string, string | null])[], words: readonly Word[] = []) =>
  samePersons(
    accounts.map(([name, email]) => account(name, email, verdictsOf(words))),
    identifying,
  )
const groups = (all: readonly SamePerson[]) => all.map(({ persons }) => persons.map(({ id }) => nameOf(id)).join(', '))
const apart = (all: readonly SamePerson[], name: string): Apart[] => [
  ...(all.find(({ persons }) => persons.some(({ id }) => id === idOf(name)))?.apart ?? []),
]

describe('an address', () => {
  test('joins all who have it, and tells by which edges', () => {
    const all = given([
      ['north 1', 'ann@x.at'],
      ['south 2', 'Ann@X.at '],
      ['west 3', 'ann@x.at'],
      ['east 4', 'bea@x.at'],
    ])
    expect(groups(all)).toEqual(['east 4', 'north 1, south 2, west 3'])
    expect(all[1]?.joined).toEqual([
      { records: [idOf('north 1'), idOf('south 2')], by: 'email' },
      { records: [idOf('north 1'), idOf('west 3')], by: 'email' },
    ])
    expect(all.flatMap((each) => each.apart)).toEqual([])
  })

  test.each([
    ['info@x.at', 'role'],
    ['noreply@example.com', 'placeholder'],
    ['q1@marketplace.amazon.de', 'relay'],
  ])('that names nobody joins nobody, and nobody is asked: %s', (email, why) => {
    const all = given([
      ['north 1', email],
      ['south 2', email],
    ])
    expect(groups(all)).toEqual(['north 1', 'south 2'])
    expect(apart(all, 'north 1')).toEqual([{ why, of: [idOf('north 1')], from: [], asks: false }])
  })

  test('that two living records of one store have joins nobody, whoever else has it; a person is asked', () => {
    const accounts = [
      ['north 1', 'ann@x.at'],
      ['north 2', 'ann@x.at'],
      ['south 3', 'ann@x.at'],
    ] as const
    const all = given(accounts)
    expect(groups(all)).toEqual(['north 1', 'north 2', 'south 3'])
    expect(apart(all, 'south 3')).toEqual([
      { why: 'one_store', of: [idOf('south 3')], from: [idOf('north 1'), idOf('north 2')], asks: true },
    ])
    expect(groups(given(accounts, [['north 1', 'same', 'north 2']]))).toEqual(['north 1, north 2, south 3'])
    expect(groups(given(accounts, [['north 1', 'same', 'south 3']]))).toEqual(['north 1, south 3', 'north 2'])
  })

  test('of an account that is closed joins it with the one that was opened after', () => {
    const all = samePersons([account('north 1', 'ann@x.at', [], true), account('north 2', 'ann@x.at')], identifying)
    expect(groups(all)).toEqual(['north 1, north 2'])
  })

  test(`of more than ${mostMembers} accounts joins nobody, and does not list them: they may be thousands`, () => {
    const many = (count: number) =>
      given(Array.from({ length: count }, (_, at): [string, string] => [`store${at} 1`, 'hall@x.at']))
    expect(groups(many(mostMembers))).toHaveLength(1)
    const all = many(mostMembers + 1)
    expect(groups(all)).toHaveLength(mostMembers + 1)
    const alone = samePersons([account('store3 1', 'hall@x.at')], {
      ...identifying,
      crowded: new Set(['optik|hall@x.at']),
    })
    expect(apart(all, 'store3 1')).toEqual([{ why: 'many', of: [idOf('store3 1')], from: [], asks: true }])
    expect(alone[0]?.apart).toEqual(apart(all, 'store3 1'))
  })
})

describe('a verdict', () => {
  test('joins records that share nothing, and what their addresses join', () => {
    const accounts = [
      ['north 1', 'ann@x.at'],
      ['south 2', 'ann@x.at'],
      ['west 3', 'annie@y.at'],
      ['east 4', null],
    ] as const
    const words: Word[] = [['south 2', 'same', 'west 3']]
    const all = given(accounts, words)
    expect(groups(all)).toEqual(['east 4', 'north 1, south 2, west 3'])
    expect(all[1]?.joined).toEqual([
      { records: [idOf('south 2'), idOf('west 3')], by: 'verdict', verdict: 'v1' },
      { records: [idOf('north 1'), idOf('south 2')], by: 'email' },
    ])
    expect(groups(given(accounts, [...words, ['south 2', 'unsure', 'west 3']]))).toEqual(groups(given(accounts)))
  })

  test('that two are not the same makes their address say nothing: who else has it is asked about', () => {
    const accounts = [
      ['north 1', 'ann@x.at'],
      ['south 2', 'ann@x.at'],
      ['west 3', 'ann@x.at'],
    ] as const
    const words: Word[] = [['north 1', 'not_same', 'west 3']]
    const all = given(accounts, words)
    expect(groups(all)).toEqual(['north 1', 'south 2', 'west 3'])
    expect(apart(all, 'south 2')).toEqual([
      { why: 'not_same', of: [idOf('south 2')], from: [idOf('north 1'), idOf('west 3')], asks: true },
    ])
    const decided = given(accounts, [...words, ['south 2', 'same', 'north 1']])
    expect(groups(decided)).toEqual(['north 1, south 2', 'west 3'])
    expect(apart(decided, 'west 3').map(({ asks }) => asks)).toEqual([false, false])
    expect(groups(given(accounts, [...words, ['west 3', 'same', 'north 1']]))).toEqual(['north 1, south 2, west 3'])
  })

  test('that contradicts others is refused, the older one; a person is asked', () => {
    const all = given(
      [
        ['north 1', null],
        ['south 2', null],
        ['west 3', null],
      ],
      [
        ['north 1', 'same', 'south 2'],
        ['south 2', 'same', 'west 3'],
        ['north 1', 'not_same', 'west 3'],
      ],
    )
    expect(groups(all)).toEqual(['north 1', 'south 2, west 3'])
    expect(apart(all, 'north 1')).toMatchObject([
      { why: 'verdict', says: 'same', verdict: 'v1', from: [idOf('south 2')], asks: true },
      { why: 'verdict', says: 'not_same', verdict: 'v3', from: [idOf('west 3')], asks: false },
    ])
  })

  test('of unsure leaves what addresses say, and takes away the question', () => {
    const accounts = [
      ['north 1', 'ann@x.at'],
      ['north 2', 'ann@x.at'],
    ] as const
    const all = given(accounts, [['north 1', 'unsure', 'north 2']])
    expect(groups(all)).toEqual(['north 1', 'north 2'])
    expect(apart(all, 'north 1').map(({ asks }) => asks)).toEqual([false, false])
  })

  test('brings two addresses together that are fine alone, and not together: then neither joins', () => {
    const accounts = [
      ['north 1', 'ann@x.at'],
      ['south 2', 'ann@x.at'],
      ['east 3', 'annie@y.at'],
      ['south 4', 'annie@y.at'],
    ] as const
    expect(groups(given(accounts))).toEqual(['east 3, south 4', 'north 1, south 2'])
    const all = given(accounts, [['north 1', 'same', 'east 3']])
    expect(groups(all)).toEqual(['east 3, north 1', 'south 2', 'south 4'])
    expect(apart(all, 'south 2')).toMatchObject([{ why: 'one_store', asks: true }])
  })
})

const names = ['a 1', 'a 2', 'b 1', 'b 2', 'c 1', 'd 1']
const accounts = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom(...names),
    email: fc.constantFrom('a@x.at', 'b@x.at', 'info@x.at', null),
    deleted: fc.constantFrom(false, false, false, true),
  }),
  { selector: ({ name }) => name, minLength: 1 },
)
const words = fc.array(
  fc.record({
    one: fc.constantFrom(...names),
    other: fc.constantFrom(...names),
    says: fc.constantFrom<Says>('same', 'same', 'not_same', 'unsure'),
    at: fc.nat(4),
  }),
  { maxLength: 8 },
)

property.prop([accounts, words, fc.infiniteStream(fc.nat(1_000))], { numRuns: 2_000 })(
  'whatever the order: each record is in one person, no two that are not the same, no two of one store that nobody joined',
  (all, said, chance) => {
    const verdicts = said
      .filter(({ one, other }) => one !== other)
      .map(
        ({ one, other, says, at }, nth): Verdict => ({ id: `v${nth}`, at, says, pair: pairOf(idOf(one), idOf(other)) }),
      )
    const persons = all.map(({ name, email, deleted }) => account(name, email, verdicts, deleted))
    const same = samePersons(persons, identifying)
    const shuffled = persons
      .map((person) => ({
        person: { ...person, verdicts: [...person.verdicts].reverse() },
        place: chance.next().value ?? 0,
      }))
      .sort((one, other) => one.place - other.place)
      .map(({ person }) => person)
    expect(groups(samePersons(shuffled, identifying))).toEqual(groups(same))
    expect(samePersons(shuffled, identifying).map((each) => [each.joined, each.apart])).toEqual(
      same.map((each) => [each.joined, each.apart]),
    )

    expect(
      same
        .flatMap((each) => each.persons)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(persons.map(({ id }) => id).sort())
    for (const { persons: members, joined, apart: others } of same) {
      const ids = new Set(members.map(({ id }) => id))
      // a tree: one edge for each but the first, and every edge within
      expect(joined).toHaveLength(members.length - 1)
      for (const { records } of joined) expect(records.every((id) => ids.has(id))).toBe(true)
      for (const { of, from } of others) {
        expect(of.every((id) => ids.has(id))).toBe(true)
        expect(from.some((id) => ids.has(id))).toBe(false)
      }
      const said = new Components()
      for (const { by, records } of joined) if (by === 'verdict') said.link(...records)
      for (const one of members) {
        for (const other of members) {
          if (one.id >= other.id) continue
          const isLiving = !isDeleted(one.record.existence) && !isDeleted(other.record.existence)
          if (isLiving && one.record.storeId === other.record.storeId) {
            expect(said.rootOf(one.id)).toBe(said.rootOf(other.id))
          }
          const pair = verdicts.filter((each) => each.pair[0] === one.id && each.pair[1] === other.id)
          const last = pair.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).at(-1)
          expect(last?.says).not.toBe('not_same')
        }
      }
    }
  },
)
