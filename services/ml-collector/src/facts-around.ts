import type { FactStore } from './fact-store.ts'
import type { Fact } from './pure/facts/fact.ts'
import { isPerson } from './pure/facts/names.ts'

/** Things that have rows of their own. */
const hasRows = ({ kind }: Fact): boolean => kind === 'session' || kind === 'recommendation' || kind === 'order'

/** Ways through the facts, from what was spoken of to what depends on it and back to what that is made of. */
export function createFactsAround(facts: FactStore) {
  /** Ids of everything with rows that some facts have a part in, however far away. */
  async function touchedBy(ids: readonly string[]): Promise<string[]> {
    const touched = new Map<string, Fact>()
    let open = await facts.load([...new Set(ids)])
    while (open.length > 0) {
      for (const fact of open) touched.set(fact.id, fact)
      const upwards = open.flatMap(({ id, names }) => [id, ...names])
      // Who shares an address is one person, and a session is judged with its orders; else nothing goes back down.
      const persons = open.flatMap((fact) => (makesChoices(fact) ? fact.depends.filter(isPerson) : []))
      const names = open.flatMap((fact) => (fact.kind === 'order' ? fact.depends.filter((id) => !isPerson(id)) : []))
      const found = [
        ...(await facts.dependingOn(upwards)),
        ...(await facts.dependingOn(persons)),
        ...(await facts.named(names)),
      ]
      open = [...new Map(found.map((fact) => [fact.id, fact])).values()].filter(({ id }) => !touched.has(id))
    }
    return [...touched.values()].filter(hasRows).map(({ id }) => id)
  }

  /** Everything that the rows of these are made of. */
  async function madeOf(ids: readonly string[]): Promise<Fact[]> {
    const world = new Map<string, Fact>()
    const add = (found: readonly Fact[]): void => {
      for (const fact of found) world.set(fact.id, fact)
    }
    const missing = (wanted: readonly string[]): string[] => [...new Set(wanted)].filter((id) => !world.has(id))
    add(await facts.load(ids))
    // sessions of recommendations, products, people; sessions that orders name
    add(await facts.load(missing([...world.values()].flatMap(({ depends }) => depends))))
    add(await facts.named([...world.values()].flatMap(({ kind, depends }) => (kind === 'order' ? depends : []))))
    const sessions = [...world.values()].filter(({ kind }) => kind === 'session')
    add(
      await facts.dependingOn(
        sessions.flatMap(({ names }) => names),
        ['order'],
      ),
    )
    const people = () => [...world.values()].flatMap(({ id, depends }) => [id, ...depends]).filter(isPerson)
    add(await facts.load(missing(people())))
    add(
      await facts.dependingOn(
        [...new Set(people())].filter((id) => id.startsWith('e_')),
        ['account'],
      ),
    )
    add(await facts.load(missing(people())))
    add(await facts.sessionsChoosing([...new Set(people())].filter((id) => id.startsWith('a_'))))
    return [...world.values()]
  }

  return { touchedBy, madeOf }
}

/** As `sessionsChoosing` finds them. */
const makesChoices = ({ kind, values, highest }: Fact): boolean =>
  kind === 'account' || (kind === 'session' && (values['choice'] !== undefined || highest > 0))
