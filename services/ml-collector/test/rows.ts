import { createNames } from '@varai/ml-data/pure'
import { type Fact, foldFact, type Saying } from '../src/pure/facts/fact.ts'
import { type Event, hear } from '../src/pure/facts/sayings.ts'
import { type Row, rowsOf } from '../src/pure/rows/rows-of.ts'
import { createWorld } from '../src/pure/rows/world.ts'

export const names = createNames(Buffer.alloc(32, 7))

export const sayingsOf = (events: readonly Event[]): Saying[] =>
  events.flatMap((event) => {
    const heard = hear(event, names)
    if (heard.kind === 'rejected') throw new Error(heard.reason)
    return heard.kind === 'sayings' ? heard.sayings : []
  })

/** The facts that events come to, told after those that are held. */
export function factsOf(events: readonly Event[], held: readonly Fact[] = []): Fact[] {
  const facts = new Map(held.map((fact) => [fact.id, fact]))
  for (const [id, sayings] of Map.groupBy(sayingsOf(events), ({ id }) => id))
    facts.set(id, foldFact(facts.get(id), sayings))
  return [...facts.values()]
}

/** The rows that some events come to, by type. */
export function rowsFrom(events: readonly Event[]): Row[] {
  const facts = factsOf(events)
  const world = createWorld(facts)
  return facts
    .flatMap((fact) => rowsOf(fact, world, names).rows)
    .sort((one, other) => (one.dataType + one.id < other.dataType + other.id ? -1 : 1))
}
