import { deletedAt, isDeleted } from '../fold/existence.ts'
import { emptyList, inOrder } from '../fold/keyed-list.ts'
import { runsOf, type Since, sinceOf, sinceOfElement } from '../fold/since.ts'
import { type DecimalForm, type Forms, formsOf } from '../form.ts'
import { emailKey } from '../identity.ts'
import { customerKind } from '../kinds.ts'
import type { Plain } from '../plain.ts'
import type { Member } from '../policy/candidate.ts'
import type { Decision } from '../policy/decide.ts'
import type { GroupRule } from '../policy/policy.ts'
import { settle } from '../policy/settle.ts'
import type { RecordState } from '../record.ts'
import { bySeniority } from './seniority.ts'
import { type Shown, show } from './show.ts'
import { dateOf, storedShown } from './stored.ts'

/**
 * A person's canonical document, or the redirect that stands where another record of the same person names it.
 * Times in ms.
 */
export type UserContent = LiveUser | { readonly redirectTo: string }

export type LiveUser = Shown & {
  /** True when every member is deleted. */
  readonly deleted: boolean
  readonly deletedAt: number | null
  /** The first account's making. */
  readonly createdAt: number | null
  /** The living accounts, by platform. */
  readonly platforms: Readonly<Record<string, readonly Account[]>>
  /** Records of all members, also of deleted ones. */
  readonly members: readonly string[]
}
export type Account = { readonly storeId: string; readonly id: string; readonly createdAt: number | null }

/** What records of one merchant must share to be one person. */
export function personKeys({ merchantId, registers }: RecordState): string[] {
  const key = emailKey(merchantId, registers.values['email'])
  return key === undefined ? [] : [key]
}

/**
 * The document of each member of a component, by record id: the person under one of them, redirects under the others.
 * The person's id is that of the member with the smallest (createdAt, record id), deleted ones included, so that it
 * does not change when an account is closed.
 */
export function projectUser(
  members: readonly RecordState[],
  rules: readonly GroupRule[],
  decisions: readonly Decision[] = [],
): Map<string, UserContent> {
  const [head, ...others] = members
    .map(({ id, registers }) => ({ id, createdAt: createdAtOf(registers) }))
    .sort(bySeniority)
  if (head === undefined) return new Map()
  const redirects = others.map(({ id }): [string, UserContent] => [id, { redirectTo: head.id }])
  return new Map([[head.id, personOf(members, rules, decisions)], ...redirects])
}

function createdAtOf({ values }: RecordState['registers']): number | null {
  const value = values['createdAt']
  return typeof value === 'number' ? value : null
}

function personOf(
  members: readonly RecordState[],
  rules: readonly GroupRule[],
  decisions: readonly Decision[],
): LiveUser {
  const living = members.filter(({ existence }) => !isDeleted(existence))
  const deaths = members.map(({ existence }) => deletedAt(existence)).filter((at) => at !== undefined)
  const births = members.map(({ registers }) => createdAtOf(registers)).filter((at) => at !== null)
  return {
    deleted: living.length === 0,
    deletedAt: living.length === 0 && deaths.length > 0 ? Math.max(...deaths) : null,
    createdAt: births.length > 0 ? Math.min(...births) : null,
    platforms: accountsOf(living),
    members: members.map(({ id }) => id).sort(),
    ...show(settle(living.map(memberOf), rules, decisions)),
  }
}

/** A customer record as one of those who speak of a person. */
export function memberOf(record: RecordState): Member {
  const runs = runsOf(record)
  const addresses = inOrder(record.lists['addresses'] ?? emptyList)
  const { id, platform, storeId, registers } = record
  const home = addresses.find(([, { value }]) => value['isDefault'] === true) ?? addresses[0]
  const country = home?.[1].value['countryCode']
  return {
    ...{ id, platform, storeId },
    around: { country: typeof country === 'string' ? country.toUpperCase() : undefined },
    valueOf: (field): Plain =>
      field === 'addresses' ? addresses.map(([, { value }]) => value) : (registers.values[field] ?? null),
    sinceOf: (field) =>
      field === 'addresses'
        ? addresses.map(([key]) => sinceOfElement(record, runs, field, key)).reduce(newer, undefined)
        : sinceOf(record, runs, field),
  }
}

/** A list is as new as the newest of its elements. */
const newer = (one: Since | undefined, other: Since | undefined): Since | undefined =>
  one === undefined ||
  (other !== undefined && (other.at > one.at || (other.at === one.at && other.moment > one.moment)))
    ? other
    : one

function accountsOf(living: readonly RecordState[]): Record<string, Account[]> {
  const accounts: Record<string, Account[]> = {}
  for (const { platform, storeId, platformId, registers } of [...living].sort((one, other) =>
    one.id < other.id ? -1 : 1,
  )) {
    const ofPlatform = accounts[platform] ?? []
    ofPlatform.push({ storeId, id: platformId, createdAt: createdAtOf(registers) })
    accounts[platform] = ofPlatform
  }
  return accounts
}

/** Forms of what persons show. */
export const userForms = (): Forms => formsOf(customerKind.record)

/** A person's document as the database keeps it. */
export function storedUser(content: UserContent, decimal: DecimalForm): Record<string, unknown> {
  if ('redirectTo' in content) return content
  const { deleted, deletedAt: at, createdAt, platforms, members } = content
  return {
    deleted,
    ...(at === null ? {} : { deletedAt: dateOf(at) }),
    createdAt: dateOf(createdAt),
    platforms: Object.fromEntries(
      Object.entries(platforms).map(([platform, accounts]) => [
        platform,
        accounts.map((account) => ({ ...account, createdAt: dateOf(account.createdAt) })),
      ]),
    ),
    faceAnalysisData: null,
    aiSessions: [],
    members,
    ...storedShown(content, userForms(), decimal),
  }
}
