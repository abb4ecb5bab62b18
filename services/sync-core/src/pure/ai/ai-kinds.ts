import { recordId } from '@varai/schemas'
import { type Form, type Forms, formsOf } from '../form.ts'
import type { RecordKind } from '../record-kind.ts'
import { durationOf } from './duration.ts'
import { summaryOf, userKeyOf } from './session-summary.ts'

/**
 * What the assistant's work is kept as. A session is stated by several records of the contract; its fields have the
 * names of the domain, not those of the contract.
 */

const form = (forms: Forms, field: string): Form => forms.get(field) ?? { is: 'same' }
const stated = formsOf('AiSessionStated')
const generated = formsOf('RecommendationsGenerated')
const time: Form = { is: 'time' }
const listOf = (fields: Readonly<Record<string, Form>>): Form => ({
  is: 'list',
  of: { is: 'record', fields: new Map(Object.entries(fields)) },
})

/** The fields of a session of which the newest statement wins, by the contract's names where these differ. */
export const sessionFields = {
  userId: 'customerId',
  email: 'email',
  startedAt: 'startedAt',
  completedAt: 'completedAt',
  durationSeconds: 'durationSeconds',
  outcome: 'outcome',
  conversionResult: 'conversionResult',
  orderId: 'orderId',
  faceAnalysisData: 'faceAnalysis',
  conversationHistory: 'conversation',
  recommendationIds: 'recommendationIds',
  locale: 'locale',
  metadata: 'metadata',
} as const

/**
 * So many interactions, and recommendations, a session keeps, the newest ones: pages state them under a key that
 * everybody can read, and a document has an end.
 */
const mostInteractions = 500
const mostRecommendations = 100

/**
 * `named` are all customers that were ever said to be in it, by the ids of their records. These stay when it is erased,
 * since it is found by them; addresses do not.
 */
const named = { field: 'named', outlivesErasure: (key: string) => !key.includes('@') }

export const aiSession: RecordKind = {
  entityType: 'ai_session',
  record: 'AiSessionStated',
  collection: 'ai_sessions',
  registers: [...Object.keys(sessionFields), 'consentLevel', 'consentGiven', 'region'],
  forms: new Map([
    ...Object.entries(sessionFields).map(([ours, theirs]) => [ours, form(stated, theirs)] as const),
    ['interactions', listOf({ at: time, properties: form(formsOf('Interaction'), 'properties') })],
    ['recommendations', listOf({ at: time, items: form(generated, 'items') })],
  ]),
  lists: [
    { field: 'interactions', most: mostInteractions },
    { field: 'recommendations', most: mostRecommendations },
    named,
  ],
  tracked: [],
  savedAs: 'syncedAt',
  keepsFirst: true,
  derived: (record) => {
    const userKey = userKeyOf(record)
    return {
      sessionId: record.platformId,
      duration: durationOf(record.registers.values),
      ...(userKey === undefined ? {} : { userKey }),
      summary: summaryOf(record),
    }
  },
}

export const recommendation: RecordKind = {
  record: 'RecommendationsGenerated',
  collection: 'recommendations',
  registers: [
    ...['sessionId', 'recommendationId', 'userId', 'recommendations', 'algorithm', 'confidence', 'context'],
    ...['consentLevel', 'region'],
  ],
  forms: new Map([
    ['recommendations', form(generated, 'items')],
    ['context', form(generated, 'context')],
  ]),
  lists: [],
  tracked: [],
  savedAs: 'syncedAt',
  keepsFirst: true,
  // they go with their session
  derived: ({ merchantId, platform, storeId, platformId }) => ({
    sessionKey: [merchantId, platform, storeId, sessionIn(platformId)].join('|'),
  }),
}

/** `named`: whom it concerns, as customers' records and addresses. */
export const consent: RecordKind = {
  entityType: 'consent',
  record: 'ConsentStated',
  collection: 'consents',
  registers: ['customerId', 'email', 'sessionId', 'level', 'purposes', 'proof'],
  forms: new Map([...formsOf('ConsentStated'), ['sessionId', { is: 'same' } as const]]),
  lists: [named],
  tracked: [],
  savedAs: 'syncedAt',
  keepsFirst: true,
  derived: ({ lists }) => ({ consentKeys: [...(lists['named']?.elements.keys() ?? [])].sort() }),
}

/** The store's own id, as it were, of a recommendation: their ids are unique within a session alone. */
export const recommendationKey = (sessionId: string, recommendationId: string): string =>
  [sessionId, recommendationId].map((part) => part.replaceAll('%', '%25').replaceAll(':', '%3A')).join(':')

/** The session in such an id. */
const sessionIn = (key: string): string => (key.split(':')[0] ?? '').replaceAll('%3A', ':').replaceAll('%25', '%')

/** The record of a customer of the store that speaks. Throws RangeError for what is no id. */
export const customerKey = (
  store: { readonly merchantId: string; readonly source: string; readonly storeId: string },
  customerId: string,
): string => recordId({ ...store, entityId: customerId })
