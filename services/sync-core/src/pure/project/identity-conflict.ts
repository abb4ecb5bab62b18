import { isDeleted } from '../fold/existence.ts'
import { runsOf, sinceOf } from '../fold/since.ts'
import { eventIdOf } from '../moment.ts'
import type { RecordState } from '../record.ts'
import type { Apart, SamePerson } from './same-person.ts'
import type { AccountSide, ShownConflict } from './show.ts'

/** Addresses that would join living accounts if that were not ambiguous, and words that contradict each other. */
const disputed: readonly Apart['why'][] = ['one_store', 'many', 'not_same']
const isDisputed = ({ why, asks }: Apart): boolean => asks || disputed.includes(why)

/**
 * What a person's document shows where it is not clear who is one with it: its accounts and the others' side by side,
 * since when each has its address. Undefined where nothing is disputed between living accounts.
 */
export function identityConflict(
  { persons, apart }: Pick<SamePerson, 'persons' | 'apart'>,
  recordOf: (id: string) => RecordState | undefined,
): ShownConflict | undefined {
  const own = new Set(persons.map(({ id }) => id))
  const sidesOf = ({ of, from }: Apart) => [...of, ...from].flatMap((id) => sideOf(recordOf(id), own))
  const concerns = (each: Apart): boolean => {
    const sides = sidesOf(each)
    const isOne = sides.some(({ fate }) => fate === 'one')
    return isOne && (each.why === 'many' || sides.some(({ fate }) => fate === 'other'))
  }
  const all = apart.filter(isDisputed).filter(concerns)
  const [first] = [...all.filter(({ asks }) => asks), ...all]
  if (first === undefined) return undefined
  const sides = [...new Map(all.flatMap(sidesOf).map((side) => [side.record, side])).values()]
  const [earliest = 0, second] = sides.map(({ since }) => since).sort((one, other) => one - other)
  return {
    ...{ group: 'identity', fields: ['identity'], open: first.asks, since: second ?? earliest, rule: first.why },
    sides: sides.sort((one, other) => (one.record < other.record ? -1 : 1)),
  }
}

function sideOf(record: RecordState | undefined, own: ReadonlySet<string>): AccountSide[] {
  if (record === undefined || isDeleted(record.existence)) return []
  const since = sinceOf(record, runsOf(record), 'email')
  return [
    {
      record: record.id,
      values: { email: record.registers.values['email'] ?? null },
      since: since?.at ?? 0,
      event: since === undefined ? '' : eventIdOf(since.moment),
      fate: own.has(record.id) ? 'one' : 'other',
      problems: [],
    },
  ]
}
