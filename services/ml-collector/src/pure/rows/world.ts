import { isPerson } from '@varai/ml-data/pure'
import { type Fact, type FactKind, without } from '../facts/fact.ts'

/** The facts that some rows are made of, with ways from one to the other. */
export type World = {
  get(id: string): Fact | undefined
  /** Accounts and addresses that somebody is known by: those named, those of one address, and their addresses. */
  personsOf(named: readonly string[]): string[]
  ordersOf(session: Fact): Fact[]
  /** Sessions of an account, of those that were loaded: at least all in which more than basic was ever spoken of. */
  sessionsOf(account: string): Fact[]
  /** The session that an order names: of its own store, else the only one of the merchant. */
  sessionOf(order: Fact): Fact | undefined
  /** The session that a recommendation was made in. */
  sessionAround(recommendation: Fact): Fact | undefined
  /** The same without what was said up to a time (ms). */
  without(until: number): World
}

export function createWorld(facts: readonly Fact[]): World {
  const byId = new Map(facts.map((fact) => [fact.id, fact]))
  const byName = gathered(facts, ({ names }) => names)
  const dependants = gathered(facts, ({ depends }) => depends)
  const all = (ids: readonly string[], from: ReadonlyMap<string, readonly Fact[]>, kind: FactKind): Fact[] =>
    ids.flatMap((id) => (from.get(id) ?? []).filter((fact) => fact.kind === kind))

  function personsOf(named: readonly string[]): string[] {
    const persons = new Set(named.filter(isPerson))
    for (const id of persons) {
      for (const address of byId.get(id)?.depends ?? []) if (isPerson(address)) persons.add(address)
      if (id.startsWith('e_')) for (const { id: account } of all([id], dependants, 'account')) persons.add(account)
    }
    return [...persons]
  }

  return {
    get: (id) => byId.get(id),
    personsOf,
    ordersOf: (session) => all(session.names, dependants, 'order'),
    sessionsOf: (account) =>
      all([account], dependants, 'session').filter(({ values }) => values['owner']?.value === account),
    sessionOf(order) {
      const name = order.values['session']?.value
      const named = typeof name === 'string' ? all([name], byName, 'session') : []
      return named.find(({ store }) => store === order.store) ?? (named.length === 1 ? named[0] : undefined)
    },
    sessionAround: ({ depends }) => depends.flatMap((id) => byId.get(id) ?? []).find(({ kind }) => kind === 'session'),
    without: (until) => createWorld(facts.map((fact) => without(fact, until))),
  }
}

function gathered(facts: readonly Fact[], keysOf: (fact: Fact) => readonly string[]): Map<string, Fact[]> {
  const gathered = new Map<string, Fact[]>()
  for (const fact of facts) {
    for (const key of keysOf(fact)) gathered.set(key, [...(gathered.get(key) ?? []), fact])
  }
  return gathered
}
