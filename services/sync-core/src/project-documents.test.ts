import { fc, test } from '@fast-check/vitest'
import { consumeAll } from '@varai/testkit'
import { describe, test as example, expect } from 'vitest'
import { applierOver, changesOf, fixed, shipped, type ToldChange } from '../test/apply.ts'
import { analysed, consented, customer, decoded, noon, session } from '../test/events.ts'
import { createMemoryStores, type KeptVerdict } from '../test/memory-stores.ts'
import { sweepChanges } from './changes/keep-told.ts'
import { createAnswerVerdicts } from './decisions/answer-verdicts.ts'
import { createProjections, marksOfPersons, mostSharing } from './projections.ts'
import type { Event } from './pure/admit.ts'
import { textOf } from './pure/plain.ts'
import { nobodyFor, rulesFor } from './pure/policy/policy.ts'
import type { Person } from './pure/project/person.ts'
import { planGroup } from './pure/project/plan.ts'
import { projectPersons } from './pure/project/user.ts'
import { pairOf, type Says } from './pure/project/verdict.ts'
import { type GroupSource, readGroups } from './read-groups.ts'
import { createReadPersons, keysOfPerson } from './read-persons.ts'

const atOnce = async () => undefined
const said = (entityId: string, platformAt: number, email: string): Event =>
  customer({ entityId, platformAt, email, createdAt: noon - Number(entityId), storeId: `store-${entityId}` })

const emails = fc.constantFrom('a@x.at', 'b@x.at', 'c@x.at')
const times = fc.nat(3).map((at) => noon + at)
const accounts = fc
  .record({ id: fc.constantFrom('1', '2', '3', '4'), at: times, email: emails })
  .map(({ id, at, email }) => said(id, at, email))
/** Sessions that go from one customer to another, or to one whom nobody knows, and what they may be used for. */
const ofAssistant = fc
  .record({
    id: fc.constantFrom('1', '2'),
    at: times,
    customerId: fc.constantFrom('1', '2', 'nobody'),
    consentLevel: fc.constantFrom('basic', 'enhanced'),
    what: fc.constantFrom('session', 'analysis', 'consent', 'consent of an address'),
    email: emails,
  })
  .map(({ id, at: platformAt, customerId, consentLevel, what, email }): Event => {
    const head = { entityId: `s${id}`, storeId: `store-${id}`, platformAt }
    const level = consentLevel
    if (what === 'session') return session({ ...head, customerId, consentLevel })
    if (what === 'analysis') return analysed({ ...head, customerId, consentLevel, analysis: { faceShape: 'oval' } })
    if (what === 'consent') return consented({ ...head, entityId: `session:s${id}`, sessionId: `s${id}`, level })
    return consented({ ...head, entityId: `ref-${email}`, email, level })
  })
/** Somebody says of two records who they are; of records that nobody has heard of yet, it is refused. */
type Word = { readonly one: string; readonly says: Says | 'withdrawn'; readonly other: string }
const words = fc.record({
  one: fc.constantFrom('1', '2'),
  other: fc.constantFrom('3', '4'),
  says: fc.constantFrom<Word['says']>('same', 'same', 'not_same', 'unsure', 'withdrawn'),
})
const events = fc.array(
  fc.oneof(
    { arbitrary: accounts, weight: 6 },
    { arbitrary: ofAssistant, weight: 3 },
    { arbitrary: words as fc.Arbitrary<Event | Word>, weight: 3 },
  ),
  { minLength: 1, maxLength: 6 },
)

type Stores = ReturnType<typeof createMemoryStores>

/** Groups with a document that is not what the records say, and how many of its documents are behind their records. */
async function wrongGroups({ records: all, storesFor }: Stores) {
  const { records, sessions, verdicts, users } = storesFor(atOnce)
  const nodes = createReadPersons({ records, sessions, verdicts, most: mostSharing })
  const source: GroupSource<Person> = { reaching: users.reaching, keysOf: keysOfPerson, nodes }
  const rules = rulesFor(shipped, 'users', 'optik')
  const making = {
    policy: shipped.version,
    collection: 'users',
    image: users.image,
    at: noon,
    make: (of: readonly Person[], _: unknown, crowded: ReadonlySet<string>) =>
      projectPersons(of, rules, { nobodyBy: nobodyFor(shipped, 'optik'), crowded }),
    marks: marksOfPersons,
  }
  const { groups, held } = await readGroups(
    source,
    [...all.values()].map(({ id }) => id),
  )
  return groups.flatMap(({ components, crowded }) => {
    const plan = planGroup(components, held, making, [], crowded)
    const isBehind = ({ id, version, beside }: Person) =>
      !held
        .get(id)
        ?.inputs.some((input) => input.recordId === id && input.version === version && input.beside === beside)
    return plan === undefined ? [] : [{ ids: plan.ids, behind: components.flat().filter(isBehind).length }]
  })
}

/** Applies each event as a consumer does. */
async function runAll(
  all: readonly (Event | Word)[],
  choose: (below: number) => number,
  watch: () => Promise<void>,
  stores: Stores,
  tell: (change: ToldChange) => void,
) {
  const words = all.filter((each) => 'says' in each)
  async function work(event: Event | Word, step: () => Promise<void>) {
    const own = stores.storesFor(step)
    const changes = changesOf(own, async (change) => {
      await step()
      tell(change)
    })
    if ('says' in event) {
      const asked = askedBy(event, words.indexOf(event))
      if (!stores.verdicts.has(asked.id)) stores.verdicts.set(asked.id, asked)
      const decisions = { about: async () => [] }
      const project = createProjections({ ...own, changes, decisions, policies: fixed(shipped), pause: atOnce })
      await createAnswerVerdicts({ ...own, project })()
    } else await applierOver(own, atOnce, fixed(shipped), atOnce, changes)([decoded(event)])
    await changes.users.clear()
  }
  await consumeAll(all, { choose, work, watch })
}

const recordOf = (id: string) => `optik|shopify|store-${id}|${id}`
const askedBy = ({ one, says, other }: Word, at: number): KeptVerdict => ({
  ...{ id: `v${at}`, at, says, state: 'asked' },
  pair: pairOf(recordOf(one), recordOf(other)),
})

/** What a consumer that keeps the highest version of each document ends with. */
function newestOf(told: readonly ToldChange[]) {
  const newest = new Map<string, { version: number; after: string | null }>()
  for (const { documentId, version, after } of told) {
    if (version > (newest.get(documentId)?.version ?? 0)) newest.set(documentId, { version, after })
  }
  return newest
}

const chances = fc.infiniteStream(fc.nat(1_000_000))
test.prop([events, chances], { numRuns: 3_000 })(
  'however consumers interleave, linger and die: all documents are right in the end, none is wrong unnoticed, and every change is told',
  async (all, chance) => {
    const stores = createMemoryStores()
    const choose = (below: number) => (chance.next().value ?? 0) % Math.max(1, below)
    let seen = -1
    const watch = async () => {
      if (seen === stores.writes()) return
      seen = stores.writes()
      for (const { ids, behind } of await wrongGroups(stores)) expect({ ids, behind }).not.toEqual({ ids, behind: 0 })
    }
    const told: ToldChange[] = []
    await runAll(all, choose, watch, stores, (change) => told.push(change))
    expect(await wrongGroups(stores)).toEqual([])
    // whoever died after saving a change left it behind; nobody else has to come by
    const { users } = stores.storesFor(atOnce)
    const changes = changesOf(stores.storesFor(atOnce), async (change) => void told.push(change)).users
    await sweepChanges({ changes, unpublished: users.unpublished }, { before: Number.POSITIVE_INFINITY })
    expect(newestOf(told)).toEqual(
      new Map([...stores.users.values()].map(({ id, version, image }) => [id, { version, after: textOf(image()) }])),
    )
    expect([...stores.users.values()].flatMap(({ pending }) => pending)).toEqual([])
  },
  300_000,
)

describe('one after the other', () => {
  const given = async (...all: [string, string][]) => {
    const stores = createMemoryStores()
    const apply = applierOver(stores.storesFor(atOnce))
    for (const [at, [id, email]] of all.entries()) await apply([decoded(said(id, noon + at, email))])
    const short = (id: string) => id.at(-1) ?? ''
    return Object.fromEntries(
      [...stores.users.values()].map(({ id, content }) => [
        short(id),
        'redirectTo' in content
          ? `→ ${short(content.redirectTo)}`
          : 'members' in content && content.members.map(short).join(' '),
      ]),
    )
  }

  example('records with one e-mail are joined under the first account', async () => {
    expect(await given(['1', 'a@x.at'], ['2', ' A@X.at'])).toEqual({ '2': '1 2', '1': '→ 2' })
  })
  example('they part when an e-mail changes', async () => {
    expect(await given(['1', 'a@x.at'], ['2', 'a@x.at'], ['2', 'b@x.at'])).toEqual({ '1': '1', '2': '2' })
  })
  example('one moves from a person to another', async () => {
    const users = await given(['1', 'a@x.at'], ['2', 'a@x.at'], ['3', 'b@x.at'], ['2', 'b@x.at'])
    expect(users).toEqual({ '1': '1', '2': '→ 3', '3': '2 3' })
  })
  example('a session that goes from one customer to another is listed by that one alone', async () => {
    const stores = createMemoryStores()
    const apply = applierOver(stores.storesFor(atOnce))
    const [ann, bea] = ['1', '2'].map((entityId) => customer({ entityId, createdAt: noon }))
    const of = (customerId: string, at: number) => session({ entityId: 's', customerId, platformAt: noon + at })
    for (const event of [ann, of('1', 0), of('2', 1), bea]) if (event !== undefined) await apply([decoded(event)])
    const listed = [...stores.users.values()].map(({ id, content }) => [
      id.at(-1),
      'ai' in content ? content.ai?.aiSessions.map(({ sessionId }) => sessionId) : undefined,
    ])
    expect(Object.fromEntries(listed)).toEqual({ 1: undefined, 2: ['s'] })
  })
  example('those without an address stay apart', async () => {
    expect(await given(['1', 'none'], ['2', 'none'])).toEqual({ '1': '1', '2': '2' })
  })
})
