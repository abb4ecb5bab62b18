import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { applierOver, changesOf, fixed, shipped } from '../../test/apply.ts'
import { customer, decoded, deletion, noon } from '../../test/events.ts'
import { createMemoryStores } from '../../test/memory-stores.ts'
import { createProjections } from '../projections.ts'
import type { Event } from '../pure/admit.ts'
import { pairKey, pairOf, type Says } from '../pure/project/verdict.ts'
import { createAnswerVerdicts } from './answer-verdicts.ts'

const atOnce = async () => undefined
/** Two of one store, others of their own, and one of another merchant. */
const accounts = ['optik north 1', 'optik north 2', 'optik south 1', 'optik west 1', 'optik east 1', 'rival north 1']
const headOf = (name: string) => {
  const [merchantId = '', storeId = '', entityId = ''] = name.split(' ')
  return { merchantId, storeId, entityId }
}
const idOf = (name: string) => {
  const { merchantId, storeId, entityId } = headOf(name)
  return `${merchantId}|shopify|${storeId}|${entityId}`
}

type Word = { readonly one: string; readonly other: string; readonly says: Says | 'withdrawn'; readonly at: number }
const events = fc.array(
  fc
    .record({
      name: fc.constantFrom(...accounts),
      at: fc.nat(5).map((at) => noon + at),
      email: fc.constantFrom('a@x.at', 'b@x.at', 'info@x.at', null),
      phone: fc.constantFrom('+43 1 5877001', '+43 1 5877002', null),
      acceptsMarketing: fc.constantFrom(true, false, null),
      gone: fc.constantFrom(false, false, false, false, true),
    })
    .map(({ name, at: platformAt, gone, ...said }): Event => {
      const head = { ...headOf(name), platformAt, createdAt: noon - accounts.indexOf(name) }
      return gone ? deletion('customer', { ...headOf(name), platformAt }) : customer({ ...head, ...said })
    }),
  { maxLength: 10 },
)
const words = fc.array(
  fc
    .record({
      one: fc.constantFrom(...accounts),
      other: fc.constantFrom(...accounts),
      says: fc.constantFrom<Word['says']>('same', 'same', 'not_same', 'unsure', 'withdrawn'),
      at: fc.nat(5),
    })
    .filter(({ one, other }) => one !== other),
  { maxLength: 5 },
)
/** What is there before anybody can speak of it. */
const births = accounts.map((name) => customer({ ...headOf(name), platformAt: noon - 1, email: 'a@x.at' }))

/** Applies batches of events and of words, in their order; what the documents of persons say then. */
async function after(batches: readonly (readonly Event[] | readonly Word[])[]) {
  const stores = createMemoryStores()
  const own = stores.storesFor(atOnce)
  const apply = applierOver(own)
  const changes = changesOf(own, atOnce)
  const decisions = { about: async () => [] }
  const project = createProjections({ ...own, changes, decisions, policies: fixed(shipped), pause: atOnce })
  const answer = createAnswerVerdicts({ ...own, project })
  await apply(births.map(decoded))
  for (const batch of batches) {
    await apply(batch.flatMap((each) => ('says' in each ? [] : [decoded(each)])))
    for (const word of batch) {
      if (!('says' in word)) continue
      const { one, other, says, at } = word
      const id = JSON.stringify(word)
      if (!stores.verdicts.has(id)) {
        stores.verdicts.set(id, { id, says, at, pair: pairOf(idOf(one), idOf(other)), state: 'asked' })
      }
    }
    await answer()
  }
  const documents = [...stores.users.values()].map(({ id, content, reach }) => [id, { content, reach }] as const)
  return new Map(documents.sort(([one], [other]) => (one < other ? -1 : 1)))
}

const shuffled = <T>(all: readonly T[], chance: Iterator<number>): T[] =>
  all
    .map((each) => ({ each, place: chance.next().value ?? 0 }))
    .sort((one, other) => one.place - other.place)
    .map(({ each }) => each)

const chances = fc.infiniteStream(fc.nat(1_000_000))
test.prop([events, words, chances], { numRuns: 500 })(
  'any order, repetition and batching of statements and verdicts ends in the same persons',
  async (all, said, chance) => {
    const pieces: (Event[] | Word[])[] = [...all.map((event) => [event]), ...said.map((word) => [word])]
    const again = pieces.filter(() => (chance.next().value ?? 0) % 3 === 0)
    expect(await after(shuffled([...pieces, ...again], chance))).toEqual(await after([all, said]))
  },
  300_000,
)

test.prop([events, words, chances], { numRuns: 500 })(
  'cutting an edge ends in what would be had nobody ever spoken of the two',
  async (all, said, chance) => {
    const [cut] = shuffled(said, chance)
    if (cut === undefined) return
    const nameOf = ({ one, other }: Word) => pairKey(pairOf(one, other))
    const scissors: Word = { one: cut.other, other: cut.one, says: 'withdrawn', at: 9 }
    const late = shuffled(all, chance)
    const never = await after([all, said.filter((word) => nameOf(word) !== nameOf(cut))])
    const contents = (documents: Awaited<ReturnType<typeof after>>) =>
      [...documents].map(([id, { content }]) => [id, content])
    expect(contents(await after([all, said, [scissors]]))).toEqual(contents(never))
    expect(contents(await after([said, [scissors], late]))).toEqual(contents(never))
  },
  300_000,
)
