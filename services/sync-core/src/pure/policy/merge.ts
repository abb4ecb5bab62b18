import { isPlainObject, type Plain, type PlainObject, setMember, textOf, toPlainObject } from '../plain.ts'
import type { Candidate } from './candidate.ts'
import { addressWords } from './check.ts'
import { isNewer } from './choose.ts'

/** What a way of settling made of the candidates, and whose values it shows. */
export type Settlement = { readonly values: PlainObject; readonly from: readonly Candidate[] }
export const nothing: Settlement = { values: {}, from: [] }

const listAt = ({ checked }: Candidate, field: string): readonly Plain[] => {
  const value = checked().accepted[field]
  return Array.isArray(value) ? value : []
}
const objectAt = ({ checked }: Candidate, field: string): PlainObject => {
  const value = checked().accepted[field]
  return isPlainObject(value) ? toPlainObject(value) : {}
}

/** All elements that any candidate states, each once, in the order of their text. */
export function mergeSet(field: string, candidates: readonly Candidate[]): Settlement {
  const elements = new Map(
    candidates.flatMap((candidate) => listAt(candidate, field).map((element) => [textOf(element), element] as const)),
  )
  const values = [...elements].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, element]) => element)
  return { values: { [field]: values }, from: candidates }
}

/** Of each key the newest value. */
export function mergeMap(field: string, candidates: readonly Candidate[]): Settlement {
  const objects = new Map(candidates.map((candidate) => [candidate, objectAt(candidate, field)]))
  const holders = new Map<string, Candidate>()
  for (const [candidate, object] of objects) {
    for (const name of Object.keys(object)) {
      const holder = holders.get(name)
      if (holder === undefined || isNewer(candidate, holder)) holders.set(name, candidate)
    }
  }
  const map: { [name: string]: Plain } = {}
  for (const [name, holder] of [...holders].sort(([one], [other]) => (one < other ? -1 : 1))) {
    setMember(map, name, objects.get(holder)?.[name] ?? null)
  }
  const shown = new Set(holders.values())
  return { values: { [field]: map }, from: candidates.filter((candidate) => shown.has(candidate)) }
}

/** Whether one key has two values. */
export function mapsDiffer(field: string, candidates: readonly Candidate[]): boolean {
  const seen = new Map<string, string>()
  return candidates.some((candidate) =>
    Object.entries(objectAt(candidate, field)).some(([name, value]) => {
      const [before, text] = [seen.get(name), textOf(value)]
      seen.set(name, text)
      return before !== undefined && before !== text
    }),
  )
}

/** Every address once, with the record it is from: its lines are never another store's. */
export function mergeAddresses(field: string, candidates: readonly Candidate[]): Settlement {
  const addresses = new Map<string, { readonly address: PlainObject; readonly by: Candidate }>()
  for (const candidate of candidates) {
    for (const element of listAt(candidate, field)) {
      const address = isPlainObject(element) ? toPlainObject(element) : {}
      const key = textOf(addressWords(address))
      if (!addresses.has(key)) addresses.set(key, { address, by: candidate })
    }
  }
  const all = [...addresses.values()]
  return {
    values: { [field]: all.map(({ address, by }) => ({ ...address, record: by.member.id })) },
    from: candidates.filter((candidate) => all.some(({ by }) => by === candidate)),
  }
}

/** Who says no anywhere has said no: the newest refusal counts, and where nobody refuses the newest consent. */
export function mergeConsent(field: string, candidates: readonly Candidate[]): Settlement {
  const refusals = candidates.filter(({ stated }) => stated[field] === false)
  const [first, ...others] = refusals.length > 0 ? refusals : candidates
  if (first === undefined) return nothing
  const winner = others.reduce((best, each) => (isNewer(each, best) ? each : best), first)
  return { values: winner.stated, from: [winner] }
}
