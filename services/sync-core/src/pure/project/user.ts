import { deletedAt, isDeleted, isErased } from '../fold/existence.ts'
import { emptyList, inOrder } from '../fold/keyed-list.ts'
import { runsOf, type Since, sinceOf, sinceOfElement } from '../fold/since.ts'
import { type DecimalForm, type Forms, formsOf, toStored } from '../form.ts'
import { customerKind } from '../kinds.ts'
import type { Plain } from '../plain.ts'
import type { Member } from '../policy/candidate.ts'
import { concerning, type Decision, type DecisionAbout } from '../policy/decide.ts'
import type { GroupRule } from '../policy/policy.ts'
import { settle } from '../policy/settle.ts'
import type { RecordState } from '../record.ts'
import { type AiOfPerson, aiOfPerson } from './ai-of-person.ts'
import { identityConflict } from './identity-conflict.ts'
import type { Person } from './person.ts'
import { type Apart, type Identifying, type Join, type SamePerson, samePersons } from './same-person.ts'
import { bySeniority } from './seniority.ts'
import { type Shown, type ShownConflict, show } from './show.ts'
import { dateOf, storedShown } from './stored.ts'

/**
 * A person's canonical document, the redirect that stands where another record of the same person names it, or what is
 * left of an account that was erased. Times in ms.
 */
export type UserContent = LiveUser | { readonly redirectTo: string } | ErasedUser
export type ErasedUser = { readonly erased: true; readonly erasedAt: number }

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
  /** Why they are one, and who is not, where there is anything to say. */
  readonly identity?: { readonly joined: readonly Join[]; readonly apart: readonly Apart[] }
  /** What the assistant knows of them, where it knows anything. */
  readonly ai?: AiOfPerson
}
export type Account = { readonly storeId: string; readonly id: string; readonly createdAt: number | null }

/**
 * The documents of records that are linked by addresses or verdicts, by record id: of each its person, or the redirect
 * to it. `decisions` about any of them count where all that they are about are one person.
 */
export function projectPersons(
  persons: readonly Person[],
  rules: readonly GroupRule[],
  identifying: Identifying,
  decisions: readonly DecisionAbout[] = [],
): Map<string, UserContent> {
  const recordOf = (id: string) => persons.find((person) => person.id === id)?.record
  const documents = new Map<string, UserContent>()
  const [erased, others] = [persons.filter(isErasedPerson), persons.filter((person) => !isErasedPerson(person))]
  // nobody's any more, whatever was said of them
  for (const { id, erasedAt = 0 } of erased) documents.set(id, { erased: true, erasedAt })
  for (const same of samePersons(others, identifying)) {
    const who = { joined: same.joined, apart: same.apart, conflict: identityConflict(same, recordOf) }
    for (const [id, content] of projectUser(same.persons, rules, concerning(decisions, same.persons), who)) {
      documents.set(id, content)
    }
  }
  return documents
}

const isErasedPerson = ({ record }: Person): boolean => isErased(record.existence)

/**
 * The document of each record of one person, by record id: the person under one of them, redirects under the others.
 * The person's id is that of the member with the smallest (createdAt, record id), deleted ones included, so that it
 * does not change when an account is closed.
 */
export function projectUser(
  persons: readonly Person[],
  rules: readonly GroupRule[],
  decisions: readonly Decision[] = [],
  who?: Who,
): Map<string, UserContent> {
  const [head, ...others] = persons
    .map(({ id, record: { registers } }) => ({ id, createdAt: createdAtOf(registers) }))
    .sort(bySeniority)
  if (head === undefined) return new Map()
  const redirects = others.map(({ id }): [string, UserContent] => [id, { redirectTo: head.id }])
  return new Map([[head.id, documentOf(persons, rules, decisions, who)], ...redirects])
}

function createdAtOf({ values }: RecordState['registers']): number | null {
  const value = values['createdAt']
  return typeof value === 'number' ? value : null
}

type Who = Pick<SamePerson, 'joined' | 'apart'> & { readonly conflict: ShownConflict | undefined }

function documentOf(
  persons: readonly Person[],
  rules: readonly GroupRule[],
  decisions: readonly Decision[],
  { joined, apart, conflict }: Who = { joined: [], apart: [], conflict: undefined },
): LiveUser {
  const members = persons.map(({ record }) => record)
  const ai = aiOfPerson(persons.filter(({ record }) => !isDeleted(record.existence)).map(({ known }) => known))
  const living = members.filter(({ existence }) => !isDeleted(existence))
  const shown = show(settle(living.map(memberOf), rules, decisions))
  const deaths = members.map(({ existence }) => deletedAt(existence)).filter((at) => at !== undefined)
  const births = members.map(({ registers }) => createdAtOf(registers)).filter((at) => at !== null)
  return {
    deleted: living.length === 0,
    deletedAt: living.length === 0 && deaths.length > 0 ? Math.max(...deaths) : null,
    createdAt: births.length > 0 ? Math.min(...births) : null,
    platforms: accountsOf(living),
    members: members.map(({ id }) => id).sort(),
    ...(joined.length + apart.length === 0 ? {} : { identity: { joined, apart } }),
    ...(ai === undefined ? {} : { ai }),
    ...shown,
    conflicts: [...shown.conflicts, ...(conflict === undefined ? [] : [conflict])],
  }
}

/** A customer record as one of those who speak of a person. */
export function memberOf(record: RecordState): Member {
  const runs = runsOf(record)
  const addresses = inOrder(record.lists['addresses'] ?? emptyList)
  const { id, platform, storeId, registers, existence } = record
  const home = addresses.find(([, { value }]) => value['isDefault'] === true) ?? addresses[0]
  const country = home?.[1].value['countryCode']
  return {
    ...{ id, platform, storeId, erasedAt: existence.erased?.whole },
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
  if ('erased' in content) return { erased: true, erasedAt: new Date(content.erasedAt) }
  const { deleted, deletedAt: at, createdAt, platforms, members, identity, ai } = content
  const shown = storedShown(content, userForms(), decimal)
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
    members,
    ...(identity === undefined ? {} : { identity }),
    ...storedAi(ai, decimal),
    ...shown,
    provenance: { ...shown.provenance, ...faceOrigin(ai) },
  }
}

const analysisForm = formsOf('FaceAnalysed').get('analysis') ?? { is: 'same' }

function storedAi(ai: AiOfPerson | undefined, decimal: DecimalForm): Record<string, unknown> {
  if (ai === undefined) return { faceAnalysisData: null, aiSessions: [] }
  const { aiSessions, lastAISessionAt, face, consentLevel } = ai
  return {
    faceAnalysisData: face && toStored(face.data, analysisForm, decimal),
    ...(face === null ? {} : { lastFaceAnalysisAt: new Date(face.at) }),
    aiSessions: aiSessions.map((session) => ({ ...session, at: new Date(session.at) })),
    ...(lastAISessionAt === null ? {} : { lastAISessionAt: new Date(lastAISessionAt) }),
    ...(consentLevel === null ? {} : { consentLevel }),
  }
}

/** Where the analysis is from, as of any other value. */
function faceOrigin(ai: AiOfPerson | undefined): Record<string, unknown> {
  if (!ai?.face) return {}
  const { session: record, stated, event } = ai.face
  return { faceAnalysisData: { rule: 'consent', from: [{ record, since: new Date(stated), event }] } }
}
