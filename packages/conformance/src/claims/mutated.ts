import fc from 'fast-check'
import { expect } from 'vitest'
import { deliveryOf, type Made, send } from '../deliver.ts'
import { newEntity } from '../entities.ts'
import type { DoorFacts } from '../facts.ts'
import { eventsOf, keptContents, requestsOf, settle } from '../outcomes.ts'
import type { DoorClaim } from './claim.ts'

type Mutation = { readonly at: number; readonly how: 'drop' | 'replace' | 'nest' | 'list'; readonly value: unknown }
type Container = Record<string, unknown> | unknown[]

const odd = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, 0.1 + 0.2, 1e300, '', ' ', '0', '-1', 'NaN', '|', 'a|b', '\u0000'),
  fc.constantFrom<unknown>(
    '9'.repeat(400),
    '2999-01-01T00:00:00Z',
    '0000-00-00 00:00:00',
    'x'.repeat(20_000),
    10n ** 30n,
  ),
  fc.constantFrom<unknown>({}, [], [[]], [null], [{}], { id: {} }, '{"id":1}', '\ud800', '__proto__', 'constructor'),
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ maxDepth: 2 }),
)
const mutation: fc.Arbitrary<Mutation> = fc.record({
  ...{ at: fc.nat(), how: fc.constantFrom('drop', 'replace', 'replace', 'nest', 'list'), value: odd },
})
const mutations = fc.record({ topic: fc.nat(), all: fc.array(mutation, { minLength: 1, maxLength: 3 }) })

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null

/** Every place of a document: what holds it, and its name there. */
const placesIn = (value: Container): [holder: Container, name: string][] =>
  Object.entries(value).flatMap(([name, inner]) => [
    [value, name] as [Container, string],
    ...(isContainer(inner) ? placesIn(inner) : []),
  ])

/** The document with something of it gone, replaced, or put into something else. */
function mutate(document: unknown, all: readonly Mutation[]): unknown {
  if (!isContainer(document)) return document
  const changed = structuredClone(document)
  for (const { at, how, value } of all) {
    const places = placesIn(changed)
    const place = places[at % Math.max(1, places.length)]
    if (place === undefined) break
    const [holder, name] = place
    const held: unknown = Reflect.get(holder, name)
    if (how === 'drop') Reflect.deleteProperty(holder, name)
    else Reflect.set(holder, name, how === 'replace' ? structuredClone(value) : how === 'nest' ? { held } : [held])
  }
  // What was dropped from a list leaves no hole in JSON.
  return changed
}

function mutant(door: DoorFacts, { topic: nth, all }: { topic: number; all: readonly Mutation[] }): Made {
  const topic = door.topics[nth % door.topics.length] ?? door.topics[0]
  const entity = newEntity()
  const document = mutate(topic.document(entity), all)
  return { topic, entity, delivery: deliveryOf(door, topic, entity, { document }) }
}

/** Deliveries of one run, sent at once, and runs. */
const [size, numRuns] = [12, 15]

export const mutated: DoorClaim = {
  name: 'whatever is missing or odd in a document: never a 5xx, and it is told or kept',
  async check(stage, door) {
    const sent: { made: Made; text: string }[] = []
    const property = fc.asyncProperty(fc.array(mutations, { minLength: size, maxLength: size }), async (chosen) => {
      const all = chosen.map((each) => mutant(door, each))
      const answers = await Promise.all(all.map(({ delivery }) => send(stage, door, [delivery])))
      const refused = answers.flatMap(({ status, text }, index) =>
        status === 200 ? [] : [{ status, text, sent: all[index]?.delivery.bytes.toString().slice(0, 2_000) }],
      )
      expect(refused).toEqual([])
      sent.push(...all.map((made, index) => ({ made, text: answers[index]?.text ?? '' })))
    })
    await fc.assert(property, { numRuns, endOnFailure: true, includeErrorInReport: true })
    await settle(stage, door, async () => {
      const kept = await keptContents(stage)
      const known = new Set(stage.watch.events.map(({ value }) => value['deliveryId']))
      const lost = sent.filter(
        ({ made }) =>
          made.topic.becomes !== 'nothing' &&
          !known.has(door.deliveryId?.(made.delivery) ?? made.delivery.id) &&
          !kept.has(made.delivery.bytes.toString('base64')) &&
          eventsOf(stage, door, made).length === 0 &&
          requestsOf(stage, door, made).length === 0,
      )
      expect(lost.map(({ made, text }) => [made.delivery.bytes.toString().slice(0, 2_000), text])).toEqual([])
    })
  },
}
