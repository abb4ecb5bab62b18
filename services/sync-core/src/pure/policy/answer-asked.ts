import { z } from 'zod'
import { isPlainObject, type PlainObject, toPlainObject } from '../plain.ts'
import { candidateOf, isSomething, type Member, problemsOf } from './candidate.ts'
import type { Decision, Judged } from './decide.ts'
import type { FieldGroup } from './field-groups.ts'

/** What an operator wants a group of a document to show. */
export type Asked =
  /** What a member states. */
  | { readonly what: 'take'; readonly record: string; readonly pinned: boolean }
  /** Values of their own. */
  | { readonly what: 'give'; readonly values: PlainObject; readonly pinned: boolean }
  /** What is shown now, for good. */
  | { readonly what: 'pin' }
  /** What the rule says. */
  | { readonly what: 'withdraw' }

const pinned = z.boolean()
const written = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('take'), record: z.string(), pinned }),
  z.strictObject({
    what: z.literal('give'),
    values: z.custom<Readonly<Record<string, unknown>>>(isPlainObject),
    pinned,
  }),
  z.strictObject({ what: z.literal('pin') }),
  z.strictObject({ what: z.literal('withdraw') }),
])

/** JSON text of what an operator asked; undefined where it is something else. */
export function readAsked(text: string): Asked | undefined {
  try {
    const { data } = written.safeParse(JSON.parse(text))
    return data?.what === 'give' ? { ...data, values: toPlainObject(data.values) } : data
  } catch {
    return undefined
  }
}

export type Answer =
  | { readonly ok: true; readonly says: Decision['says'] }
  /** Names fields and records, never values. */
  | { readonly ok: false; readonly reason: string }

/** What is decided when something is asked for a group of these living members; it judges what they state now. */
export function answerAsked(asked: Asked, group: FieldGroup, members: readonly Member[], shown: PlainObject): Answer {
  const refuse = (reason: string): Answer => ({ ok: false, reason })
  if (asked.what === 'withdraw') return { ok: true, says: { what: 'withdrawn' } }
  if (group.merges === 'opt_out') return refuse('consent is not decided here: a refusal anywhere wins')
  const decided = (values: PlainObject, pinned: boolean): Answer =>
    Object.values(values).some(isSomething)
      ? { ok: true, says: { what: 'value', values, pinned, judged: judgedOf(members, group) } }
      : refuse(`${group.name}: there is no value to show`)
  switch (asked.what) {
    case 'pin':
      return decided(shown, true)
    case 'take': {
      const member = members.find(({ id }) => id === asked.record)
      const stated = member === undefined ? undefined : candidateOf(member, group)?.stated
      if (stated === undefined) return refuse(`${asked.record} is no living member that states ${group.name}`)
      return decided(stated, asked.pinned)
    }
    case 'give': {
      const foreign = Object.keys(asked.values).find((field) => !group.fields.includes(field))
      if (foreign !== undefined) return refuse(`${foreign} is not of ${group.name}: ${group.fields.join(', ')}`)
      const [problem] = problemsOf(group, asked.values, members[0]?.around ?? { country: undefined })
      if (problem !== undefined) return refuse(`${problem.field} ${problem.problem}`)
      return decided(asked.values, asked.pinned)
    }
    default:
      return asked satisfies never
  }
}

const judgedOf = (members: readonly Member[], group: FieldGroup): Judged[] =>
  members.flatMap((member) => {
    const candidate = candidateOf(member, group)
    return candidate === undefined
      ? []
      : [{ record: member.id, digest: candidate.checked().digest, since: candidate.since.at }]
  })
