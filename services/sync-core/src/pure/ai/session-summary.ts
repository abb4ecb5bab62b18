import { type ConsentLevel, consentLevelOf } from '@varai/privacy'
import { recordId } from '@varai/schemas'
import type { Existence } from '../fold/existence.ts'
import { isDeleted } from '../fold/existence.ts'
import type { RegisterStates } from '../fold/registers.ts'
import { eventIdOf, platformAtOf } from '../moment.ts'
import { isPlainObject, type PlainObject, toPlainObject } from '../plain.ts'

/** What a person's document is made of, of one session. Times in ms. A plain value, as it lies in the database. */
export type SessionSummary = {
  /** The session's record. */
  readonly id: string
  readonly sessionId: string
  readonly platform: string
  readonly storeId: string
  /** When it was first spoken of. */
  readonly at: number
  /** How far the newest statement that says so lets us use it. */
  readonly level: ConsentLevel
  /** What the shopper chose in it, when asked; null where nobody was. */
  readonly given: { readonly level: ConsentLevel; readonly at: number } | null
  readonly analysis: { readonly data: PlainObject; readonly at: number; readonly event: string } | null
}

type Session = {
  readonly id: string
  readonly merchantId: string
  readonly platform: string
  readonly storeId: string
  readonly platformId: string
  readonly registers: RegisterStates
  readonly existence: Existence
}

/** The record of the customer that the session is now said to be of. */
export function userKeyOf({ merchantId, platform: source, storeId, registers, existence }: Session) {
  const userId = registers.values['userId']
  if (typeof userId !== 'string' || isDeleted(existence)) return undefined
  return recordId({ merchantId, source, storeId, entityId: userId })
}

export function summaryOf({ id, platform, storeId, platformId, registers, existence }: Session): SessionSummary {
  const { values, stated } = registers
  const { consentLevel = null, consentGiven = null, faceAnalysisData = null } = values
  const [givenAt, analysedAt] = [stated['consentGiven'], stated['faceAnalysisData']]
  return {
    ...{ id, sessionId: platformId, platform, storeId },
    at: existence.first === undefined ? 0 : platformAtOf(existence.first),
    level: consentLevelOf(consentLevel),
    given:
      consentGiven === null || givenAt === undefined
        ? null
        : { level: consentLevelOf(consentGiven), at: platformAtOf(givenAt) },
    analysis:
      isPlainObject(faceAnalysisData) && analysedAt !== undefined
        ? { data: toPlainObject(faceAnalysisData), at: platformAtOf(analysedAt), event: eventIdOf(analysedAt) }
        : null,
  }
}
