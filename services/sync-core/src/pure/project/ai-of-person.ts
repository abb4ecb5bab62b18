import { type ConsentLevel, consentLevelOf, consentLevels, consentTable } from '@varai/privacy'
import type { SessionSummary } from '../ai/session-summary.ts'
import type { PlainObject } from '../plain.ts'
import { type Consent, type Known, mostSessions, newestFirst } from './person.ts'

/** What a person's document says of the assistant. Times in ms. */
export type AiOfPerson = {
  /** Newest first. */
  readonly aiSessions: readonly ListedSession[]
  readonly lastAISessionAt: number | null
  /** Null unless the person lets us keep it here. */
  readonly face: {
    readonly data: PlainObject
    /** When it was made. */
    readonly at: number
    readonly session: string
    readonly stated: number
    readonly event: string
  } | null
  /** What the person chose when asked, the least of all accounts; null where nobody was asked. */
  readonly consentLevel: ConsentLevel | null
}
export type ListedSession = {
  readonly record: string
  readonly sessionId: string
  readonly platform: string
  readonly storeId: string
  readonly at: number
}

/** What the living accounts of a person say together; undefined where nothing is known of any. */
export function aiOfPerson(accounts: readonly Known[]): AiOfPerson | undefined {
  const sessions = new Map(accounts.flatMap((known) => known.sessions).map((session) => [session.id, session]))
  const consentLevel = least(accounts.flatMap((known) => chosenBy(known) ?? []))
  if (sessions.size === 0 && consentLevel === undefined) return undefined
  const newest = [...sessions.values()].sort(newestFirst).slice(0, mostSessions)
  return {
    aiSessions: newest.map(({ id: record, sessionId, platform, storeId, at }) => ({
      ...{ record, sessionId, platform, storeId, at },
    })),
    lastAISessionAt: newest[0]?.at ?? null,
    face: faceOf(newest, consentLevel),
    consentLevel: consentLevel ?? null,
  }
}

/** What an account's owner chose last, in a session or elsewhere. Of two choices of one time the lesser counts. */
export function chosenBy({ sessions, consents }: Known): ConsentLevel | undefined {
  const all: Consent[] = [...consents, ...sessions.flatMap(({ given }) => given ?? [])]
  const last = Math.max(...all.map(({ at }) => at))
  return least(all.filter(({ at }) => at === last).map(({ level }) => level))
}

const least = (levels: readonly ConsentLevel[]): ConsentLevel | undefined =>
  consentLevels.find((level) => levels.includes(level))

/**
 * The newest analysis that may stand in the profile: by what the person chose, by what its session is allowed, and by
 * what it says of itself, whichever is least.
 */
function faceOf(sessions: readonly SessionSummary[], chosen: ConsentLevel | undefined): AiOfPerson['face'] {
  let newest: AiOfPerson['face'] = null
  for (const { id: session, level, analysis } of sessions) {
    if (analysis === null) continue
    const { data, at: stated, event } = analysis
    const { consentLevel: own = null, timestamp = null } = data
    const all = [level, ...(own === null ? [] : [consentLevelOf(own)]), ...(chosen === undefined ? [] : [chosen])]
    if (!consentTable.face_analysis_completed[least(all) ?? 'basic'].profile) continue
    const at = typeof timestamp === 'number' ? timestamp : stated
    const isNewer = newest === null || stated > newest.stated || (stated === newest.stated && session < newest.session)
    if (isNewer) newest = { data, at, session, stated, event }
  }
  return newest
}
