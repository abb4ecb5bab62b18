import type {
  AiSessionStated,
  ConsentStated,
  EntityDeleted,
  FaceAnalysed,
  Interaction,
  RecommendationsGenerated,
} from '@varai/schemas'
import { isIdPart, recordId } from '@varai/schemas'
import { type FactRef, factRef, isCalendarTime, unusable } from './fact.ts'
import { type Moment, momentOf } from './moment.ts'

/** What the counts need of a session. `null` = said to be empty; a missing field = not stated. Times in ms. */
export type SessionFields = {
  startedAt: number | null
  completedAt: number | null
  durationSeconds: number | null
  conversionResult: string | null
  orderId: string | null
}

/** Frames that were recommended at once. `items` by the ids that carts and clicks may carry. */
export type Recommended = {
  algorithm: string | null
  items: readonly { id: string | null; productId: string | null }[]
}

/** A shopper's click, or the start of a try-on. */
export type Touch = {
  what: 'click' | 'try-on'
  at: number
  productId: string | null
  recommendationId: string | null
}

export type SessionSays = {
  fields: Partial<SessionFields>
  /** The record of the customer that is said to be in it. */
  person?: string
  analysed?: true
  recommended?: { id: string } & Recommended
  touch?: { id: string } & Touch
}

export type SessionStatement = { of: FactRef; moment: Moment } & (
  | { kind: 'stated'; says: SessionSays }
  | { kind: 'deleted'; terminal: boolean }
)

export type SessionEvent =
  | { record: 'AiSessionStated'; value: AiSessionStated }
  | { record: 'FaceAnalysed'; value: FaceAnalysed }
  | { record: 'RecommendationsGenerated'; value: RecommendationsGenerated }
  | { record: 'Interaction'; value: Interaction }
  | { record: 'ConsentStated'; value: ConsentStated }

type Read =
  | { ok: true; statement: SessionStatement }
  | { ok: false; reason: string }
  /** Says nothing of a session. */
  | { ok: 'silent' }

const fields = ['startedAt', 'completedAt', 'durationSeconds', 'conversionResult', 'orderId'] as const
/** So many frames of one recommendation are looked at, the first ones. */
const mostItems = 50

/** What an event says of its session; `ok: false` when it can never be counted. */
export function statedSession(event: SessionEvent): Read {
  const { value } = event
  // a consent is of a person; the session that it was given in is there from then on, too
  const entityId = event.record === 'ConsentStated' ? value.sessionId : value.entityId
  if (entityId === null) return { ok: 'silent' }
  if (event.record === 'ConsentStated' && event.value.level === null) return { ok: 'silent' }
  const enveloped = { ...value, entityId }
  const reason = unusable(enveloped) ?? badField(event)
  if (reason !== undefined) return { ok: false, reason }
  const customerId = 'customerId' in value ? (value.customerId ?? value.userId) : value.userId
  const person = customerId !== null && isIdPart(customerId) ? recordId({ ...value, entityId: customerId }) : undefined
  const says = { ...saidBy(event), ...(person === undefined ? {} : { person }) }
  return { ok: true, statement: { of: factRef(enveloped), moment: momentOf(value), kind: 'stated', says } }
}

function badField({ record, value }: SessionEvent): string | undefined {
  if (record !== 'AiSessionStated') return undefined
  const bad = (['startedAt', 'completedAt'] as const).find((field) => !isCalendarTime(value[field]))
  return bad && `bad ${bad}`
}

function saidBy(event: SessionEvent): SessionSays {
  switch (event.record) {
    case 'AiSessionStated': {
      const { value } = event
      const said = fields.filter((field) => value[field] !== null || value.cleared.includes(field))
      return {
        fields: Object.fromEntries(said.map((field) => [field, value[field]])),
        ...(value.faceAnalysis !== null && { analysed: true }),
      }
    }
    case 'FaceAnalysed':
      return { fields: {}, analysed: true }
    case 'RecommendationsGenerated': {
      const { recommendationId: id, algorithm, items } = event.value
      const looked = items.slice(0, mostItems).map(({ id, productId }) => ({ id, productId }))
      return { fields: {}, recommended: { id, algorithm, items: looked } }
    }
    case 'Interaction':
      return { fields: {}, ...touchOf(event.value) }
    case 'ConsentStated':
      return { fields: {} }
    default:
      return event satisfies never
  }
}

const touches: Readonly<Record<string, Touch['what']>> = {
  recommendation_clicked: 'click',
  product_clicked: 'click',
  virtual_try_on_started: 'try-on',
}

/** Known by the page's own id of it: told twice by different ways it is one. */
function touchOf(value: Interaction): Pick<SessionSays, 'touch'> {
  const what = Object.hasOwn(touches, value.interactionType) ? touches[value.interactionType] : undefined
  if (what === undefined) return {}
  const { platformAt: at, productId, recommendationId } = value
  return { touch: { id: `${value.interactionType}:${value.interactionId}`, what, at, productId, recommendationId } }
}

/** `ok: false` when it names no session. */
export function deletedSession(value: EntityDeleted): Read {
  const reason = unusable(value)
  if (reason !== undefined) return { ok: false, reason }
  const { terminal } = value
  return { ok: true, statement: { of: factRef(value), moment: momentOf(value), kind: 'deleted', terminal } }
}
