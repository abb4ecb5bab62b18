import { isPerson } from '@varai/ml-data/pure'
import type { FactStore } from './fact-store.ts'
import type { Fact } from './pure/facts/fact.ts'

export type FactsAround = ReturnType<typeof createFactsAround>

/** Things that have rows of their own. */
const hasRows = ({ kind }: Fact): boolean => kind === 'session' || kind === 'recommendation' || kind === 'order'
const isSession = ({ kind }: Fact): boolean => kind === 'session'

/**
 * Facts around others, each question asked once: what was found stays found. For one look only, because whoever saves
 * facts meanwhile is not seen.
 */
export function createFactsAround(facts: FactStore) {
  const found = new Map<string, Fact>()
  const loaded = new Set<string>()
  const dependedOn = new Map<string, readonly string[]>()
  const sessionsOf = new Map<string, readonly string[]>()
  const bearing = new Map<string, readonly string[]>()

  function keep(some: readonly Fact[]): void {
    for (const fact of some) {
      loaded.add(fact.id)
      if (!found.has(fact.id)) found.set(fact.id, fact)
    }
  }

  async function load(ids: readonly string[]): Promise<Fact[]> {
    const missing = [...new Set(ids)].filter((id) => !loaded.has(id))
    for (const id of missing) loaded.add(id)
    keep(await facts.load(missing))
    return ids.flatMap((id) => found.get(id) ?? [])
  }

  async function ask(
    keys: readonly string[],
    answers: Map<string, readonly string[]>,
    find: (keys: readonly string[]) => Promise<Fact[]>,
    keysOf: (fact: Fact) => readonly string[],
  ): Promise<Fact[]> {
    const missing = [...new Set(keys)].filter((key) => !answers.has(key))
    const some = await find(missing)
    keep(some)
    const ids = new Map<string, string[]>(missing.map((key) => [key, []]))
    for (const fact of some) for (const key of keysOf(fact)) ids.get(key)?.push(fact.id)
    for (const [key, all] of ids) answers.set(key, all)
    return [...new Set(keys.flatMap((key) => answers.get(key) ?? []))].flatMap((id) => found.get(id) ?? [])
  }
  const dependingOn = (keys: readonly string[]) =>
    ask(
      keys,
      dependedOn,
      (asked) => facts.dependingOn(asked),
      ({ depends }) => depends,
    )
  const named = (names: readonly string[]) => ask(names, bearing, facts.named, (fact) => fact.names)

  /** Ids of everything with rows that some facts have a part in, however far away. */
  async function touchedBy(ids: readonly string[]): Promise<string[]> {
    const touched = new Map<string, Fact>()
    for (let open = await load(ids); open.length > 0; ) {
      for (const fact of open) touched.set(fact.id, fact)
      // Who shares an address is one person, and a session is judged with its orders; else nothing goes back down.
      const persons = open.flatMap((fact) => (makesChoices(fact) ? fact.depends.filter(isPerson) : []))
      const next = [
        ...(await dependingOn([...open.filter(hasDependants).flatMap(nameable), ...persons])),
        ...(await named(open.flatMap(sessionNamesIn))),
      ]
      open = [...new Map(next.map((fact) => [fact.id, fact])).values()].filter(({ id }) => !touched.has(id))
    }
    return [...touched.values()].filter(hasRows).map(({ id }) => id)
  }

  /** Everything that the rows of these are made of, and perhaps more. */
  async function madeOf(ids: readonly string[]): Promise<Fact[]> {
    const entities = await load(ids)
    // sessions of recommendations, products, people
    const below = await load(entities.flatMap(({ depends }) => depends.filter(isLoadable)))
    const naming = await named(entities.flatMap(sessionNamesIn))
    const sessions = [...entities, ...below, ...naming].filter(isSession)
    const orders = await dependingOn(sessions.flatMap(({ names }) => names.filter(isSessionName)))
    let persons = [...entities, ...sessions, ...orders].flatMap(({ depends }) => depends).filter(isPerson)
    const accounts = await load(persons)
    persons = [...persons, ...accounts.flatMap(({ depends }) => depends).filter(isPerson)]
    const sharing = await dependingOn(persons.filter((id) => id.startsWith('e_')))
    const others = sharing.filter(({ kind }) => kind === 'account')
    await load([...persons, ...others.flatMap(({ depends }) => depends.filter(isPerson))])
    // An account that a till uses for everybody has more orders than anybody wants to read for each of them.
    const alone = [...persons, ...others.map(({ id }) => id)].filter((id) => id.startsWith('a_') && !dependedOn.has(id))
    await ask(
      alone,
      sessionsOf,
      (keys) => facts.dependingOn(keys, ['session']),
      ({ depends }) => depends,
    )
    return [...found.values()]
  }

  return { keep, touchedBy, madeOf }
}

const isSessionName = (name: string): boolean => name.startsWith('n_')
const isLoadable = (name: string): boolean => !isSessionName(name)
/** Names by which others depend on a fact. */
const nameable = ({ id, names }: Fact): string[] => [id, ...names.filter(isSessionName)]
const hasDependants = ({ kind }: Fact): boolean => kind !== 'recommendation' && kind !== 'order'
const sessionNamesIn = ({ kind, depends }: Fact): string[] => (kind === 'order' ? depends.filter(isSessionName) : [])

/** Sessions in which somebody chose, or once allowed more than basic, count for all that is theirs. */
const makesChoices = ({ kind, values, highest }: Fact): boolean =>
  kind === 'account' || (kind === 'session' && (values['choice'] !== undefined || highest > 0))
