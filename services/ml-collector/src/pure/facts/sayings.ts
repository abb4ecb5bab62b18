import type { Names } from '@varai/ml-data/pure'
import { consentLevelOf, sanitiseFaceAnalysis } from '@varai/privacy'
import { type Envelope, isIdPart, type RecordName, type RecordOf } from '@varai/schemas'
import { isTime, momentOf } from '../moment.ts'
import { featuresOf } from '../rows/features.ts'
import type { Plain, Saying } from './fact.ts'

/** A record of the lanes, as it was decoded. */
export type Event = { [N in RecordName]: { readonly record: N; readonly value: RecordOf<N> } }[RecordName]

export type Heard =
  | { readonly kind: 'sayings'; readonly sayings: readonly Saying[] }
  | { readonly kind: 'skipped' | 'rejected'; readonly reason: string }

const skip = (reason: string): Heard => ({ kind: 'skipped', reason })
const reject = (reason: string): Heard => ({ kind: 'rejected', reason })

/** What an event says of the things that training rows are made of; reasons name fields, never values. */
export function hear(event: Event, names: Names): Heard {
  if (!('eventId' in event.value)) return skip(`not for this service: ${event.record}`)
  const bad = unusable(event.value)
  if (bad !== undefined) return reject(bad)
  const said = read(event, names)
  return said === undefined ? skip('nothing to learn from') : { kind: 'sayings', sayings: said }
}

function unusable(of: Envelope): string | undefined {
  const part = (['merchantId', 'source', 'storeId', 'entityId'] as const).find((name) => !isIdPart(of[name]))
  if (part !== undefined) return `bad ${part}`
  if (![of.platformAt, of.triggeredAt ?? 0].every(isTime)) return 'bad platformAt or triggeredAt'
  return of.payloadRef === null ? undefined : 'payloadRef: the payload was not read back'
}

function read(event: Event, names: Names): Saying[] | undefined {
  switch (event.record) {
    case 'AiSessionStated':
      return sessionSayings(event.value, names)
    case 'FaceAnalysed':
      return [ofSession(event.value, names, { face: faceOf(event.value.analysis) }, event.value.customerId)]
    case 'RecommendationsGenerated':
      return recommendationSayings(event.value, names)
    case 'Interaction':
      return interactionSayings(event.value, names)
    case 'ConsentStated':
      return consentSayings(event.value, names)
    case 'OrderStated':
      return [orderSaying(event.value, names)]
    case 'CustomerStated': {
      const address = names.address(event.value.merchantId, event.value.email)
      return [{ ...about(event.value, names, 'account'), depends: given(address) }]
    }
    case 'ProductStated': {
      const { frameShape } = event.value
      return frameShape === null
        ? undefined
        : [{ ...about(event.value, names, 'product'), values: { frameShape: word(frameShape) } }]
    }
    case 'EntityDeleted':
      return deletionSayings(event.value, names)
    default:
      return undefined
  }
}

const given = (name: string | undefined): string[] => (name === undefined ? [] : [name])
const word = (text: string): string => text.trim().normalize('NFC').toLowerCase().slice(0, 64)

function about(of: Envelope, names: Names, kind: 'account' | 'order' | 'product'): Saying {
  const named = { id: names[kind](of, of.entityId), kind, store: names.store(of) }
  return { ...named, platform: of.source, moment: momentOf(of, names) }
}

/** What every event of a session says of it, with more. */
function ofSession(
  of: Envelope,
  names: Names,
  values: Readonly<Record<string, Plain>>,
  customerId: string | null = null,
  sessionId = of.entityId,
): Saying {
  const account = customerId ?? of.userId
  const owner = account === null ? undefined : names.account(of, account)
  return {
    ...{ id: names.session(of, sessionId), kind: 'session', store: names.store(of), platform: of.source },
    moment: momentOf(of, names),
    values: {
      ...(of.consentLevel !== null && { level: consentLevelOf(of.consentLevel) }),
      ...(of.region !== 'NA' && { region: areaOf(of.region) }),
      ...(owner !== undefined && { owner }),
      ...values,
    },
    depends: given(owner),
    names: [names.sessionName(of.merchantId, sessionId)],
  }
}

/** Never finer than a country. */
const areaOf = (region: string): string => (/^[A-Za-z]{2,3}/.exec(region)?.[0] ?? 'NA').toUpperCase()

function faceOf(analysis: unknown): Plain {
  const { faceShape, measurements = {}, consentLevel } = sanitiseFaceAnalysis(analysis)
  return {
    ...measurements,
    faceShape: faceShape === undefined ? null : word(faceShape),
    ...(consentLevel !== undefined && { level: consentLevel }),
  }
}

function sessionSayings(of: RecordOf<'AiSessionStated'>, names: Names): Saying[] {
  const address = names.address(of.merchantId, of.email)
  const saying = ofSession(
    of,
    names,
    {
      ...(of.completedAt !== null && { completed: of.completedAt }),
      ...(of.startedAt !== null && { started: of.startedAt }),
      ...(of.durationSeconds !== null && { duration: of.durationSeconds }),
      ...(of.conversionResult !== null && { purchased: word(of.conversionResult) === 'purchased' }),
      ...(of.faceAnalysis !== null && { face: faceOf(of.faceAnalysis) }),
      ...(of.conversation !== null && { conversation: featuresOf(of.conversation) }),
      ...(of.eventName === 'ai_session_completed' && { ended: true }),
    },
    of.customerId,
  )
  return [{ ...saying, depends: [...(saying.depends ?? []), ...given(address)] }]
}

function recommendationSayings(of: RecordOf<'RecommendationsGenerated'>, names: Names): Saying[] {
  const id = names.recommendation(of, of.entityId, of.recommendationId)
  const session = ofSession(of, names, {}, of.customerId)
  const products = of.items.flatMap(({ productId }) => (productId === null ? [] : [names.product(of, productId)]))
  const [first] = products
  return [
    // so many names of recommendations a session has, so many there were
    { ...session, names: [...(session.names ?? []), id] },
    {
      ...session,
      ...{ id, kind: 'recommendation' },
      values: {
        items: of.items.length,
        algorithm: of.algorithm === null ? null : word(of.algorithm),
        ...(first !== undefined && { first }),
      },
      depends: [session.id, ...given(first)],
      names: [names.recommendationName(of.merchantId, of.entityId, of.recommendationId)],
    },
  ]
}

const deeds: Readonly<Record<string, 'click' | 'try_on'>> = {
  recommendation_clicked: 'click',
  product_clicked: 'click',
  virtual_try_on_started: 'try_on',
}

function interactionSayings(of: RecordOf<'Interaction'>, names: Names): Saying[] | undefined {
  const deed = deeds[of.interactionType]
  // A look is no answer, yet it says at which level the session is.
  const session = ofSession(of, names, deed === undefined ? {} : { [deed]: true })
  if (deed === undefined || of.recommendationId === null) return [session]
  const id = names.recommendation(of, of.entityId, of.recommendationId)
  return [
    session,
    { ...session, id, kind: 'recommendation', values: { [deed]: true }, depends: [session.id], names: [] },
  ]
}

/** A choice concerns the account, the address and the session that it names. */
function consentSayings(of: RecordOf<'ConsentStated'>, names: Names): Saying[] | undefined {
  const level = of.level === null ? undefined : consentLevelOf(of.level)
  if (level === undefined && !of.cleared.includes('level')) return undefined
  // Who refuses research by its purpose has not agreed to it by the level.
  const choice = level === 'research' && of.purposes['research'] === false ? 'enhanced' : (level ?? 'basic')
  const store = { store: names.store(of), platform: of.source, moment: momentOf(of, names) }
  const address = names.address(of.merchantId, of.email)
  const account = of.customerId === null ? undefined : names.account(of, of.customerId)
  const session =
    of.sessionId === null ? [] : [ofSession(of, names, { level: choice, choice }, of.customerId, of.sessionId)]
  return [
    ...given(account).map(
      (id): Saying => ({ ...store, id, kind: 'account', values: { choice }, depends: given(address) }),
    ),
    ...given(address).map((id): Saying => ({ ...store, id, kind: 'address', values: { choice } })),
    ...session.map((saying) => ({ ...saying, depends: [...(saying.depends ?? []), ...given(address)] })),
  ]
}

/** Never anything of its lines: what somebody's lenses are is about their health. */
function orderSaying(of: RecordOf<'OrderStated'>, names: Names): Saying {
  const customer = of.customerId ?? of.userId
  const address = names.address(of.merchantId, of.email)
  const session = of.aiSessionId ?? of.sessionId
  return {
    ...about(of, names, 'order'),
    values: {
      live: true,
      ...(of.createdAt !== null && isTime(of.createdAt) && { created: of.createdAt }),
      ...(of.cancelledAt !== null && { cancelled: true }),
      ...(of.cleared.includes('cancelledAt') && { cancelled: false }),
      ...(of.test !== null && { test: of.test }),
      ...(of.currency !== null && { currency: of.currency.slice(0, 3).toUpperCase() }),
      ...(of.total !== null && { total: Number(of.total) }),
      ...(of.recommendationIds !== null && { recommended: of.recommendationIds.length > 0 }),
      ...(of.recommendationIds !== null &&
        session !== null && { named: namesIn(of.recommendationIds, of.merchantId, session, names) }),
      ...(of.consentLevel !== null && { level: consentLevelOf(of.consentLevel) }),
      ...(of.region !== 'NA' && { region: areaOf(of.region) }),
      ...(session !== null && { session: names.sessionName(of.merchantId, session) }),
    },
    depends: [
      ...(customer === null ? [] : [names.account(of, customer)]),
      ...given(address),
      ...(session === null ? [] : [names.sessionName(of.merchantId, session)]),
    ],
  }
}

/** As many as a session has. */
const mostNamed = 64

const namesIn = (ids: readonly string[], merchantId: string, session: string, names: Names): Plain =>
  Object.fromEntries(ids.slice(0, mostNamed).map((id) => [names.recommendationName(merchantId, session, id), true]))

function deletionSayings(of: RecordOf<'EntityDeleted'>, names: Names): Saying[] | undefined {
  if (of.childId !== null || !of.confirmed) return undefined
  if (of.entityType === 'order') return [{ ...about(of, names, 'order'), values: { live: false } }]
  if (of.entityType === 'ai_session') return [ofSession(of, names, { deleted: true })]
  return undefined
}
