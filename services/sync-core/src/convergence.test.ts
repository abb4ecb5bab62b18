import { fc } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { shipped } from '../test/apply.ts'
import { crowds } from '../test/convergence/crowds.ts'
import { type Driven, drive, type Move } from '../test/convergence/drive.ts'
import { memoryGround, type SharedGround } from '../test/convergence/ground.ts'
import { lives } from '../test/convergence/lives.ts'
import { wishedValues, wishes } from '../test/convergence/mixed.ts'
import { moves } from '../test/convergence/moves.ts'
import { property } from '../test/convergence/property.ts'
import { addressesIn, newestIn, newestOf, pendingIn, saidBy, untrueIn } from '../test/convergence/said.ts'
import { contested, lanesOf, type Scenario, scenarios, simply } from '../test/convergence/scenario.ts'
import { recordOf, sides, spokenOf } from '../test/convergence/sides.ts'
import { truthOf } from '../test/convergence/store-answers.ts'
import { valuesOf } from '../test/documents.ts'
import type { LaneEvent } from '../test/events.ts'
import { recordOfOffer } from './pure/project/offer.ts'

type Told = { readonly scenario: Scenario; readonly lanes: readonly (readonly LaneEvent[])[] }

/** A scenario, and its events in lanes. */
const inLanes = (of: fc.Arbitrary<Scenario>): fc.Arbitrary<Told> =>
  of.chain((scenario) => fc.record({ scenario: fc.constant(scenario), lanes: lanesOf(scenario.events) }))

const scenarioOf = (events: readonly LaneEvent[], more: Partial<Scenario> = {}): Scenario => ({
  ...{ events, policies: [shipped], wishes: [], there: 0, most: undefined, ...more },
})

/** Works it off on ground of its own, with what was decided when it was told simply. */
async function driven({ scenario, lanes }: Told, how: readonly Move[]) {
  const { answers, found, decisions, verdicts, erasures, ground: simple } = await simply(scenario)
  const ground = memoryGround()
  const { policies, most } = scenario
  const { told, seen } = await drive(
    ground,
    { lanes, policies, decisions, verdicts, erasures, answers, found, most },
    how,
  )
  return { ground, simple, told, seen: { ...seen, erasures: erasures.length } }
}

/** A consumer of changes has what lies there, and nothing is left to be told. */
async function expectTold(ground: SharedGround, told: Driven['told']): Promise<void> {
  expect(newestOf(told)).toEqual(await newestIn(ground))
  expect(await pendingIn(ground)).toEqual([])
}

describe('two processes over three lanes, which die and lose their lanes between any two steps, events of 3 platforms × 2 stores × 2 merchants, decisions, policies, fetches', () => {
  property(
    'the same records and documents in any order, repetition, batching and lane; every change told, none left',
    fc.record({ of: inLanes(scenarios(27, 10)), how: moves(40) }),
    async ({ of, how }) => {
      const { ground, simple, told, seen } = await driven(of, how)
      expect(await saidBy(ground)).toEqual(await saidBy(simple))
      await expectTold(ground, told)
      return seen
    },
    { runs: 100 },
  )

  property(
    'what comes later than since can tell: the same values, and the same persons and items',
    fc.record({ of: inLanes(scenarios(100, 10)), how: moves(20) }),
    async ({ of, how }) => {
      const { ground, simple, told, seen } = await driven(of, how)
      const [{ records, documents }, expected] = [await saidBy(ground, valuesOf), await saidBy(simple, valuesOf)]
      expect(records).toEqual(expected.records)
      expect(identitiesIn(documents)).toEqual(identitiesIn(expected.documents))
      await expectTold(ground, told)
      return seen
    },
    { runs: 50 },
  )

  property(
    'a store that said different things at one time is asked, and shown as it answers: what it says is what is shown',
    fc.record({ of: inLanes(contested(10)), how: moves(20) }),
    async ({ of, how }) => {
      const { scenario, lanes } = of
      const { answers, decisions, verdicts } = await simply(scenario)
      const ground = memoryGround()
      const { policies, most } = scenario
      // no poll comes by
      const { seen } = await drive(ground, { lanes, policies, decisions, verdicts, answers, found: [], most }, how)
      const truth = truthOf(scenario.events)
      for (const record of truth) expect(await untrueIn(ground, record)).toEqual([])
      return { ...seen, truth: truth.length }
    },
    { runs: 100 },
  )

  property(
    'no line of an address is from another store than the others',
    // but for what an operator gives, who may give anything
    fc.record({ of: inLanes(scenarios(27, 10).map((of) => ({ ...of, wishes: [] }))), how: moves(10) }),
    async ({ of, how }) => {
      const { ground, seen } = await driven(of, how)
      const { shown, stated } = await addressesIn(ground)
      for (const { record, address } of shown) expect(stated.get(record)).toContainEqual(address)
      return { ...seen, addresses: shown.length }
    },
    { runs: 50 },
  )
})

property(
  'what was one and is parted is, on both sides, as if it had never been one',
  sides.chain(({ one, other, all }) => {
    // decided while they were one
    const wanted = wishedValues.map((some) => some.map((wish) => ({ ...wish, after: 50 + wish.after / 4 })))
    return fc.record({
      ...{ one: fc.constant(one), other: fc.constant(other) },
      of: inLanes(wanted.map((some) => scenarioOf(all, { wishes: some }))),
      how: moves(30),
    })
  }),
  async ({ one, other, of, how }) => {
    const { answers, found, decisions } = await simply(of.scenario)
    // what was decided of one side alone holds for it, and is not what this is about
    const isAbout = (side: readonly LaneEvent[], { about }: (typeof decisions)[number]) => {
      const ids = new Set(side.map(recordOf))
      return about.some((id) => ids.has(recordOfOffer(id)))
    }
    const spanning = decisions.filter((decision) => isAbout(one, decision) && isAbout(other, decision))
    const ground = memoryGround()
    const { seen } = await drive(
      ground,
      { lanes: of.lanes, policies: [shipped], decisions: spanning, verdicts: [], answers, found, most: undefined },
      how,
    )
    expect((await saidBy(ground)).documents).toEqual(await eachAlone(one, other))
    return { ...seen, decisions: spanning.length }
  },
  { runs: 50 },
)

property(
  'what somebody joined and parted again is, but for that they are named, as if it had never been one',
  spokenOf.chain(({ all, ...rest }) =>
    fc.record({ rest: fc.constant(rest), of: inLanes(fc.constant(scenarioOf(all))), how: moves(30) }),
  ),
  async ({ rest: { one, other, verdicts }, of, how }) => {
    const ground = memoryGround()
    const { answers, found } = await simply(of.scenario)
    const { seen } = await drive(
      ground,
      { lanes: of.lanes, policies: [shipped], decisions: [], verdicts, answers, found, most: undefined },
      how,
    )
    const [{ documents }, alone] = [await saidBy(ground), await eachAlone(one, other)]
    expect(withoutIdentity(documents)).toEqual(withoutIdentity(alone))
    return seen
  },
  { runs: 50 },
)

/** Documents of two worlds in which only one of them was ever heard of. */
async function eachAlone(...sides: (readonly LaneEvent[])[]): Promise<Record<string, unknown>> {
  const alone = await Promise.all(sides.map(async (side) => saidBy((await simply(scenarioOf(side))).ground)))
  return Object.assign({}, ...alone.map(({ documents }) => documents))
}

type Named = { readonly identity?: unknown; readonly reach?: unknown; readonly conflicts?: { group: string }[] }

/** Without those whom a document names, or is read with, because somebody spoke of them. */
const withoutIdentity = (documents: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(documents).map(([name, document]) => {
      const { identity: _, reach: __, conflicts = [], ...rest } = document as Named
      return [name, { ...rest, conflicts: conflicts.filter(({ group }) => group !== 'identity') }]
    }),
  )

property(
  'a crowd that comes to share an address or a number, and leaves it one by one, ends as if they had never been so many',
  crowds.chain(({ events, most }) =>
    fc.record({ of: inLanes(fc.constant(scenarioOf(events, { most }))), how: moves(40) }),
  ),
  async ({ of, how }) => {
    const { ground, simple, told, seen } = await driven(of, how)
    expect(await saidBy(ground)).toEqual(await saidBy(simple))
    await expectTold(ground, told)
    return seen
  },
  { runs: 100 },
)

property(
  'a state that is stated once more changes nothing: it beats no edit of another store, and overturns no decision',
  fc.record({ all: lives, wishes }).chain(({ all, wishes: wanted }) => {
    const edits = all.flatMap((life) => life.edits)
    const events = [...edits, ...all.flatMap(({ restated }) => restated)]
    return fc.record({
      edits: fc.constant(edits),
      of: inLanes(fc.constant(scenarioOf(events, { wishes: wanted }))),
      how: moves(20),
    })
  }),
  async ({ edits, of, how }) => {
    const {
      answers,
      found,
      decisions,
      verdicts,
      ground: simple,
    } = await simply(scenarioOf(edits, { wishes: of.scenario.wishes }))
    const ground = memoryGround()
    const { seen } = await drive(
      ground,
      { lanes: of.lanes, policies: [shipped], decisions, verdicts, answers, found, most: undefined },
      how,
    )
    expect((await saidBy(ground)).documents).toEqual((await saidBy(simple)).documents)
    return { ...seen, decisions: decisions.length }
  },
  { runs: 50 },
)

/** Who is one with whom. */
const identitiesIn = (documents: Record<string, unknown>) =>
  Object.entries(documents).map(([name, document]) => {
    const { redirectTo, members } = { redirectTo: undefined, members: undefined, ...(document as object) }
    return [name, redirectTo, members]
  })
