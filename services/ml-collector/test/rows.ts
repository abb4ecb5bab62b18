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

export const factsOf = (events: readonly Event[]): Fact[] =>
  [...Map.groupBy(sayingsOf(events), ({ id }) => id).values()].map((sayings) => foldFact(undefined, sayings))

/** The rows that some events come to, by type. */
export function rowsFrom(events: readonly Event[]): Row[] {
  const facts = factsOf(events)
  const world = createWorld(facts)
  return facts
    .flatMap((fact) => rowsOf(fact, world, names).rows)
    .sort((one, other) => (one.dataType + one.id < other.dataType + other.id ? -1 : 1))
}
