import { fc } from '@fast-check/vitest'
import { isReadable } from '@varai/schemas'
import { customerKind } from '../../src/pure/kinds.ts'
import type { Asked } from '../../src/pure/policy/answer-asked.ts'
import type { Policy } from '../../src/pure/policy/policy.ts'
import { pairOf } from '../../src/pure/project/verdict.ts'
import { type LaneEvent, noon } from '../events.ts'
import { type MemoryGround, memoryGround } from './ground.ts'
import { mixedEvents, policies, saidBy, type Wish, type WishedValue, wishes } from './mixed.ts'
import { openProcess, type Process } from './process.ts'
import { answersOf, polled } from './store-answers.ts'

/** What is told, decided and ordained, and what stores say when they are asked. */
export type Scenario = {
  readonly events: readonly LaneEvent[]
  readonly policies: readonly Policy[]
  readonly wishes: readonly Wish[]
  /** Which of their things the stores still have. */
  readonly there: number
  /** Of so many that share an address or a number none is found by it; as ever unless given. */
  readonly most: number | undefined
}

export const scenarios = (spread: number, most: number): fc.Arbitrary<Scenario> =>
  fc.record({
    ...{ events: mixedEvents(spread, most), policies, wishes, there: fc.nat(1) },
    most: fc.constantFrom(undefined, 1, 2, 3),
  })

/** What a few stores that can be asked say within two seconds, by clocks that know no less. */
export const contested = (most: number): fc.Arbitrary<Scenario> =>
  scenarios(1, most)
    .map((of) => ({
      ...of,
      events: of.events
        // whoever has it erased is not shown what is so
        .filter(({ record }) => record !== 'EntityDeleted' && record !== 'PrivacyRequested')
        .map((event) => {
          const { source, entityType, platformAt: said } = event.value
          const platformAt = noon + 1_000 * (said % 2)
          const asked = isReadable('shopify', entityType) ? source : 'woocommerce'
          return saidBy(event, { source: asked, merchantId: 'optik', platformAt, at: platformAt })
        }),
    }))
    .filter(({ events }) => events.length > 0)

/** Lanes, each event in one of them, some of them several times, in any order. */
export const lanesOf = (events: readonly LaneEvent[]): fc.Arbitrary<LaneEvent[][]> =>
  fc
    .tuple(
      fc.shuffledSubarray([...events, ...events], { minLength: events.length }),
      fc.array(fc.nat(2), { minLength: 1, maxLength: 2 * events.length }),
    )
    .map(([some, lanes]) => {
      const all = [...some, ...events.filter((event) => !some.includes(event))]
      return [0, 1, 2].map((lane) => all.filter((_, at) => (lanes[at % lanes.length] ?? 0) === lane))
    })

/**
 * What one process makes of a scenario that is told in order, by the newest policy from the beginning; and what was
 * decided on the way. That is to be the end however it is told. Polls come by last: which ties are asked about depends on
 * what of them is met, and an answer is a statement as any other.
 */
export async function simply({ events, policies: all, wishes: wanted, there, most }: Scenario) {
  const ground = memoryGround()
  const newest = all.at(-1)
  if (newest === undefined) throw new Error('no policy')
  const answers = answersOf(events, there)
  const fetched: LaneEvent[] = []
  const process = await openProcess(
    ground.of((run) => run()),
    {
      ...{ policy: newest, tell: async () => undefined, most },
      ask: async (question) => void fetched.push(...answers(question)),
    },
  )
  let [done, asked] = [0, 0]
  for (const wish of [...wanted].sort((one, other) => one.after - other.after)) {
    const until = Math.ceil((events.length * wish.after) / 100)
    if (until > done) await process.apply(events.slice(done, until))
    done = Math.max(done, until)
    asked += 1
    await decideOn(ground, process, wish, asked)
  }
  if (done < events.length) await process.apply(events.slice(done))
  while (fetched.length > 0) await process.apply(fetched.splice(0))
  const found = polled(events, answers)
  if (found.length > 0) await process.apply(found)
  await process.eraseStores()
  return { ground, answers, found, ...ground.decided() }
}

/** Asks as an operator does who looks at a document; whether it is decided or refused is the service's business. */
async function decideOn(ground: MemoryGround, process: Process, wish: Wish, nth: number): Promise<void> {
  const { stores } = ground.of((run) => run())
  const id = `decision-${nth}`
  if (wish.collection === 'verdicts') {
    const customers = (await stores.records.pageAfter(customerKind, '', 1_000)).map((record) => record.id)
    const [one = '', other = ''] = [wish.one, wish.other].map((at) => customers[at % Math.max(1, customers.length)])
    ground.askVerdict({ id, pair: pairOf(one, other), says: wish.says, at: nth })
    return process.answer()
  }
  const { collection, document, group, member } = wish
  const store = stores[collection]
  const ids = await store.madeBefore(Number.MAX_SAFE_INTEGER, { limit: 1_000 })
  const held = (await store.reaching(ids)).sort((one, other) => (one.id < other.id ? -1 : 1))
  const live = held.filter(({ image }) => image()['redirectTo'] === undefined)
  const chosen = live[document % Math.max(1, live.length)]
  if (chosen === undefined) return
  const { members } = chosen.image()
  const from = Array.isArray(members) ? members : []
  const record = String(from[member % Math.max(1, from.length)])
  const asked = askedBy(wish, record)
  ground.ask({ ...{ id, collection, documentId: chosen.id, group, version: chosen.version }, asked })
  await process.answer()
}

function askedBy({ what, values, pinned }: Pick<WishedValue, 'what' | 'values' | 'pinned'>, record: string): Asked {
  switch (what) {
    case 'take':
      return { what, record, pinned }
    case 'give':
      return { what, values, pinned }
    case 'pin':
    case 'withdraw':
      return { what }
    default:
      return what satisfies never
  }
}
