import type { ConsentLevel } from '@varai/privacy'
import { consentLevelOf } from '@varai/privacy'
import type { SessionSummary } from '../ai/session-summary.ts'
import { emailKey } from '../identity.ts'
import { platformAtOf } from '../moment.ts'
import { digestOf } from '../plain.ts'
import type { RecordState } from '../record.ts'
import type { Node } from './plan.ts'
import type { Verdict } from './verdict.ts'

/** A customer record with what else is known of the customer: a node of the documents of persons. */
export type Person = Node & {
  readonly record: RecordState
  readonly beside: string | undefined
  readonly known: Known
  /** By what it may be one with others; see `personKeys`. */
  readonly addresses: readonly string[]
  /** What somebody said of it and another record: the newest of each pair. */
  readonly verdicts: readonly Verdict[]
}

/** What records of one merchant must share to be one person. */
export function personKeys({ merchantId, registers }: RecordState): string[] {
  const key = emailKey(merchantId, registers.values['email'])
  return key === undefined ? [] : [key]
}

/** What sessions and consents that name a customer say. */
export type Known = {
  /** Newest first, so many at most as a person's document lists. */
  readonly sessions: readonly SessionSummary[]
  readonly consents: readonly Consent[]
}
export type Consent = { readonly level: ConsentLevel; readonly at: number }

export const nothingKnown: Known = { sessions: [], consents: [] }

/** So many sessions a person's document lists, and so many of each account are read. */
export const mostSessions = 100

export const newestFirst = (one: SessionSummary, other: SessionSummary): number =>
  one.at === other.at ? (one.id < other.id ? -1 : 1) : other.at - one.at

export function personOf(record: RecordState, known: Known, verdicts: readonly Verdict[] = []): Person {
  const sessions = [...known.sessions].sort(newestFirst).slice(0, mostSessions)
  const consents = [...known.consents].sort((one, other) => one.at - other.at || (one.level < other.level ? -1 : 1))
  const said = verdicts.map(({ id, pair, says, at }) => ({ id, pair, says, at })).sort(byIdOf)
  const isNothing = sessions.length + consents.length + said.length === 0
  return {
    ...{ id: record.id, merchantId: record.merchantId, version: record.version, record },
    erasedAt: record.existence.erased?.whole,
    // stands for what was read of them: a session changes often, and seldom in what counts here
    beside: isNothing ? undefined : digestOf([sessions, consents, ...(said.length === 0 ? [] : [said])]),
    known: { sessions, consents },
    addresses: personKeys(record),
    verdicts: said,
  }
}

/** The level that a consent's record states, and when; undefined where it never stated one. */
export function consentIn({ registers }: RecordState): Consent | undefined {
  const { level = null } = registers.values
  const stated = registers.stated['level']
  return level === null || stated === undefined ? undefined : { level: consentLevelOf(level), at: platformAtOf(stated) }
}

const byIdOf = (one: { readonly id: string }, other: { readonly id: string }): number => (one.id < other.id ? -1 : 1)
