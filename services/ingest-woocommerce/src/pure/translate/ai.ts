import { type Reader, readTexts, readTime, type Statement, read as start, type Translation } from '@varai/ingest/pure'
import { consentLevelOf, dropFaceData, maskContacts, sanitiseFaceAnalysis } from '@varai/privacy'

/**
 * What our plugin sends of the assistant's work (integrations/woocommerce-plugin/README.md). It has sanitised it in the
 * shop already; that is no reason to believe it, so it is done here again, before anything leaves this process.
 */

/** Where in the document of a delivery that stands which it is about. */
export type AiPart = 'session' | 'faceAnalysis'

/**
 * The document of a delivery. As the argument of a hook it stands under `arg`; and a session or an analysis by itself is
 * one that was told when it ended.
 */
export function aiDocument(body: unknown, part: AiPart): unknown {
  const told = isObject(body) && isObject(body['arg']) ? body['arg'] : body
  if (!isObject(told) || Object.hasOwn(told, part) || !Object.hasOwn(told, 'sessionId')) return told
  return { occurredAt: told['occurredAt'] ?? told['completedAt'] ?? told['timestamp'], [part]: told }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `varai_ai_session.completed` → the session. */
export function translateSession(body: unknown): Translation<Statement[]> {
  const delivery = start(body)
  const session = part(delivery, 'session')
  const turns = session.looseList('conversation')
  const faceAnalysis = session.readable('faceAnalysis', sanitised)
  return delivery.result([
    {
      record: 'AiSessionStated',
      eventName: 'ai_session_completed',
      ...envelopeOf(delivery, session),
      facts: {
        customerId: customerOf(session),
        startedAt: session.readable('startedAt', readTime),
        completedAt: session.readable('completedAt', readTime),
        durationSeconds: session.readable('durationSeconds', seconds),
        outcome: plainText(session, 'outcome'),
        conversionResult: plainText(session, 'conversionResult'),
        orderId: plainText(session, 'orderId'),
        locale: plainText(session, 'locale'),
        ...(faceAnalysis !== undefined && Object.keys(faceAnalysis).length > 0 && { faceAnalysis }),
        conversation: turns?.map((turn) => ({
          role: plainText(turn, 'role') ?? 'unknown',
          text: spokenText(turn, 'text'),
          at: turn.readable('at', readTime),
        })),
        recommendationIds: (session.readable('recommendationIds', readTexts) ?? []).map(swept),
      },
    },
  ])
}

/** `varai_face_analysis.completed` → the analysis. */
export function translateAnalysis(body: unknown): Translation<Statement[]> {
  const delivery = start(body)
  const told = part(delivery, 'faceAnalysis')
  return delivery.result([
    {
      record: 'FaceAnalysed',
      eventName: 'face_analysis_completed',
      ...envelopeOf(delivery, told),
      facts: {
        customerId: customerOf(told),
        analysisId: plainText(told, 'analysisId'),
        analysis: told.as('analysis', sanitised, {}),
      },
    },
  ])
}

/** The session that a delivery of these topics is about, for whoever keeps deliveries of one thing in order. */
export function sessionOf(body: unknown): string | undefined {
  const delivery = start(body)
  const told = delivery.looseChild('session') ?? delivery.looseChild('faceAnalysis')
  return told?.freeText('sessionId')
}

function part(of: Reader, key: string): Reader {
  const found = of.child(key)
  if (found === undefined) of.fail(key, 'is missing')
  return found ?? start({})
}

const envelopeOf = (delivery: Reader, told: Reader) => {
  const region = told.readable('region', regionCode)
  const level = told.freeText('consentLevel')
  const sessionId = told.text('sessionId')
  return {
    ...{ entityId: sessionId, sessionId, userId: customerOf(told), platformAt: delivery.time('occurredAt') },
    ...(region !== undefined && { region }),
    ...(level !== undefined && { consentLevel: consentLevelOf(level) }),
  }
}

/** Only of a signed-in shopper. */
const customerOf = (told: Reader): string | undefined => {
  const id = told.freeText('customerId')
  return id === '0' ? undefined : id
}

const sanitised = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? ({ ok: true, value: sanitiseFaceAnalysis(value) } as const)
    : ({ ok: false, reason: 'expected an object' } as const)

const regionCode = (value: unknown) =>
  typeof value === 'string' && /^[A-Z]{2,3}(?:-[A-Z0-9]{1,3})?$/.test(value)
    ? ({ ok: true, value } as const)
    : ({ ok: false, reason: 'expected a region' } as const)

const seconds = (value: unknown) => {
  const number = Number(value)
  return Number.isFinite(number) && number >= 0
    ? ({ ok: true, value: number } as const)
    : ({ ok: false, reason: 'expected seconds' } as const)
}

/** Text that raw face data may hide in. */
function plainText(of: Reader, key: string): string | undefined {
  const text = of.freeText(key)
  return text === undefined ? undefined : swept(text)
}

function swept(text: string): string {
  const kept = dropFaceData(text)
  return typeof kept === 'string' ? kept : ''
}

function spokenText(of: Reader, key: string): string | undefined {
  const text = plainText(of, key)
  return text === undefined ? undefined : maskContacts(text)
}
