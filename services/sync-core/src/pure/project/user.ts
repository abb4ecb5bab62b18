import { deletedAt, isDeleted } from '../fold/existence.ts'
import type { Runs } from '../fold/runs.ts'
import { runsOf, type Since, sinceOf } from '../fold/since.ts'
import type { Plain, PlainObject } from '../plain.ts'
import { type Candidate, type GroupPolicy, settle, userPolicy } from '../policy.ts'
import type { RecordState } from '../record.ts'

/**
 * A person's canonical document, or the redirect that stands where another record of the same person names it.
 * Times in ms.
 */
export type UserContent = LiveUser | { readonly redirectTo: string }

export type LiveUser = {
  /** True when every member is deleted. */
  readonly deleted: boolean
  readonly deletedAt: number | null
  /** The first account's making. */
  readonly createdAt: number | null
  /** By field, null where no living member states it. */
  readonly values: PlainObject
  /** The living accounts, by platform. */
  readonly platforms: Readonly<Record<string, readonly Account[]>>
  /** Records of all members, also of deleted ones. */
  readonly members: readonly string[]
  /** By field: whose value is shown, since when it is as it is, and by which rule it won. */
  readonly provenance: Readonly<Record<string, Provenance>>
}
export type Account = { readonly storeId: string; readonly id: string; readonly createdAt: number | null }
export type Provenance = { readonly record: string; readonly since: number; readonly rule: string }

/**
 * The document of each member of a component, by record id: the person under one of them, redirects under the others.
 * The person's id is that of the member with the smallest (createdAt, record id), deleted ones included, so that it
 * does not change when an account is closed.
 */
export function projectUser(members: readonly RecordState[]): Map<string, UserContent> {
  const [head, ...others] = [...members].sort(bySeniority)
  if (head === undefined) return new Map()
  const redirects = others.map(({ id }): [string, UserContent] => [id, { redirectTo: head.id }])
  return new Map([[head.id, personOf(members)], ...redirects])
}

function bySeniority(one: RecordState, other: RecordState): number {
  const [at, otherAt] = [createdAtOf(one) ?? Number.POSITIVE_INFINITY, createdAtOf(other) ?? Number.POSITIVE_INFINITY]
  if (at !== otherAt) return at < otherAt ? -1 : 1
  return one.id < other.id ? -1 : 1
}

function createdAtOf({ registers }: RecordState): number | null {
  const value = registers.values['createdAt']
  return typeof value === 'number' ? value : null
}

function personOf(members: readonly RecordState[]): LiveUser {
  const living = members.filter(({ existence }) => !isDeleted(existence))
  const deaths = members.map(({ existence }) => deletedAt(existence)).filter((at) => at !== undefined)
  const births = members.map(createdAtOf).filter((at) => at !== null)
  const runs = new Map(living.map((member) => [member, runsOf(member)]))
  const values: Record<string, Plain> = {}
  const provenance: Record<string, Provenance> = {}
  for (const policy of userPolicy) {
    const winner = settle(policy.strategy, candidatesFor(policy, runs))
    for (const field of policy.fields) {
      values[field] = winner?.values[field] ?? null
      if (winner === undefined) continue
      provenance[field] = { record: winner.record, since: winner.since.at, rule: policy.strategy }
    }
  }
  return {
    deleted: living.length === 0,
    deletedAt: living.length === 0 && deaths.length > 0 ? Math.max(...deaths) : null,
    createdAt: births.length > 0 ? Math.min(...births) : null,
    values,
    platforms: accountsOf(living),
    members: members.map(({ id }) => id).sort(),
    provenance,
  }
}

/** A member that knows nothing does not take part: an account without a phone number must not erase another's. */
function candidatesFor({ fields }: GroupPolicy, runs: ReadonlyMap<RecordState, Runs>): Candidate[] {
  return [...runs].flatMap(([record, ofRecord]) => {
    const values = Object.fromEntries(fields.map((field) => [field, record.registers.values[field] ?? null]))
    const since = fields.map((field) => sinceOf(record, ofRecord, field)).reduce(later, undefined)
    const knows = Object.values(values).some((value) => value !== null && value !== '')
    return knows && since !== undefined ? [{ record: record.id, values, since }] : []
  })
}

/** A group changed when the last of its fields did. */
const later = (one: Since | undefined, other: Since | undefined): Since | undefined =>
  one === undefined || (other !== undefined && other.at > one.at) ? other : one

function accountsOf(living: readonly RecordState[]): Record<string, Account[]> {
  const accounts: Record<string, Account[]> = {}
  for (const record of [...living].sort((one, other) => (one.id < other.id ? -1 : 1))) {
    const ofPlatform = accounts[record.platform] ?? []
    ofPlatform.push({ storeId: record.storeId, id: record.platformId, createdAt: createdAtOf(record) })
    accounts[record.platform] = ofPlatform
  }
  return accounts
}
