import { isPerson } from '@varai/ml-data/pure'
import { type ConsentLevel, consentLevelOf, consentLevels } from '@varai/privacy'
import type { Fact } from '../facts/fact.ts'
import { eventOf, timeOf } from '../moment.ts'
import type { World } from './world.ts'

/** What may be made of somebody's session or order, whose it is, and by which choice or request that is so. */
export type Standing =
  | {
      readonly kind: 'allowed'
      readonly level: ConsentLevel
      readonly subject: string
      readonly cause: string | undefined
    }
  | { readonly kind: 'gone'; readonly cause: string }

const least = (levels: readonly ConsentLevel[]): ConsentLevel =>
  consentLevels.find((level) => levels.includes(level)) ?? 'basic'

type Choice = { readonly level: ConsentLevel; readonly moment: string }

/**
 * How far an entity with everything around it (a session with its orders) may be used: the least of what it carries
 * itself and of what its people chose. Of one account the newest choice counts, wherever it was made; of several
 * accounts of a person the least. Who chose `basic` after more had been allowed has withdrawn: nothing is made of them.
 */
export function standingOf(around: readonly Fact[], world: World): Standing {
  const [first] = around
  if (first === undefined) throw new RangeError('nobody is concerned')
  const persons = world.personsOf(around.flatMap(({ depends }) => depends))
  const facts = persons.flatMap((id) => world.get(id) ?? [])
  const inSessions = around.filter(({ kind }) => kind === 'session')
  const choices = [
    ...persons.flatMap((id) => chosenBy(id, world) ?? []),
    ...inSessions.flatMap((of) => choiceIn(of) ?? []),
  ]
  const chosen = choices.toSorted(
    (one, other) => rankOf(one) - rankOf(other) || (one.moment < other.moment ? 1 : -1),
  )[0]
  const others = persons.flatMap((id) => world.sessionsOf(id))
  const highest = Math.max(...[...facts, ...around, ...others].map((fact) => fact.highest))
  if (chosen?.level === 'basic' && highest > 0) return { kind: 'gone', cause: `consent|${eventOf(chosen.moment)}` }
  const level = least([...around.flatMap(carried), ...(chosen === undefined ? [] : [chosen.level])])
  const cause = chosen === undefined ? undefined : `consent|${eventOf(chosen.moment)}`
  return { kind: 'allowed', level, subject: subjectOf(persons, first), cause }
}

const rankOf = ({ level }: Choice): number => consentLevels.indexOf(level)

/** What an entity says of itself; an order that is of a session only says so where it carries a level. */
function carried({ kind, values }: Fact): ConsentLevel[] {
  const level = values['level']?.value
  const face = values['face']?.value
  const analysed = typeof face === 'object' && face !== null ? face['level'] : undefined
  return [
    ...(kind === 'session' || level !== undefined ? [consentLevelOf(level)] : []),
    ...(analysed === undefined ? [] : [consentLevelOf(analysed)]),
  ]
}

function choiceIn({ values }: Fact): Choice | undefined {
  const choice = values['choice']
  return choice === undefined ? undefined : { level: consentLevelOf(choice.value), moment: choice.moment }
}

/** What somebody chose last, by account, by address or in a session. Of two choices of one time the lesser counts. */
function chosenBy(person: string, world: World): Choice | undefined {
  const own = world.get(person)
  const addresses = (own?.depends ?? []).filter(isPerson).flatMap((id) => world.get(id) ?? [])
  const made = [...(own === undefined ? [] : [own]), ...addresses, ...world.sessionsOf(person)]
  const choices = made.flatMap((fact) => choiceIn(fact) ?? [])
  const last = Math.max(...choices.map(({ moment }) => timeOf(moment)))
  return choices
    .filter(({ moment }) => timeOf(moment) === last)
    .toSorted((one, other) => rankOf(one) - rankOf(other))[0]
}

/** The newest erasure of anybody whom some facts are about. */
export function erasureOf(around: readonly Fact[], world: World): Fact['erased'] {
  const persons = world.personsOf(around.flatMap(({ depends }) => depends)).flatMap((id) => world.get(id) ?? [])
  const erasures = [...persons, ...around].flatMap(({ erased }) => erased ?? [])
  return erasures.toSorted((one, other) => other.until - one.until)[0]
}

/** A person by an address where one is known, so that accounts of several stores are one; else by the account. */
function subjectOf(persons: readonly string[], entity: Fact): string {
  const [address] = persons.filter((id) => id.startsWith('e_')).sort()
  const [account] = persons.filter((id) => id.startsWith('a_')).sort()
  return address ?? account ?? entity.id
}
