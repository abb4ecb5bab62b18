import { Decimal128 } from 'mongodb'
import { Near } from '../truth/near.ts'
import type { Analysis, Level, Shopper, Step } from './life.ts'
import { spoken } from './raw-face.ts'

/** What a document must say. Times of pages are near, all others exact. */
export type ExpectedFields = Readonly<Record<string, unknown>>
/** A document of one collection: by its id where one can know it, else by what it says of itself. */
export type ExpectedDocument = {
  readonly collection: 'ai_sessions' | 'recommendations' | 'consents' | 'orders'
  readonly find: ExpectedFields
  readonly fields: ExpectedFields
}

/** Whose word it is: the platform and the store of the documents. */
export type Teller = {
  readonly merchantId: string
  readonly platform: 'html' | 'woocommerce' | 'shopify'
  readonly storeId: string
}

/** As long as a request of a page may take: by so much its times may be off. */
const requestMs = 20_000

/**
 * What the database must hold of one shopper after these steps of theirs, in whatever order and how often they were
 * told: in the store that they were in, or the orders that they made on Shopify. Reads the life alone.
 */
export function documentsOf(teller: Teller, shopper: Shopper, told: readonly Step[]): ExpectedDocument[] {
  const { merchantId, platform, storeId } = teller
  const isHeard = ({ deed }: Step) => (platform === 'shopify') === (deed.what === 'bought' && deed.on === 'shopify')
  const steps = told.filter(isHeard).toSorted((one, other) => one.at - other.at)
  const ofSession = steps.filter(({ deed }) => deed.what !== 'bought')
  const idOf = (entity: string) => [merchantId, platform, storeId, entity].join('|')
  const documents: ExpectedDocument[] = []
  if (ofSession.length > 0) {
    const find = { _id: idOf(shopper.sessionId) }
    documents.push({ collection: 'ai_sessions', find, fields: sessionOf(teller, shopper, ofSession) })
  }
  const consents = new Map<string, ExpectedDocument>()
  for (const step of steps) {
    const { deed } = step
    const shared = { sessionId: shopper.sessionId, createdAt: timeOf(step, step.at) }
    if (deed.what === 'recommended') {
      const { recommendationId, items, algorithm, confidence } = deed
      const own = { recommendationId, recommendations: items, algorithm, confidence, consentLevel: step.level }
      documents.push({
        ...{ collection: 'recommendations', find: { _id: idOf(`${shopper.sessionId}:${recommendationId}`) } },
        fields: { ...shared, ...own, userId: personIn(shopper, step) ?? null, region: shopper.region },
      })
    } else if (deed.what === 'consented') {
      const customerId = personIn(shopper, step) ?? null
      const before = consents.get(String(customerId))
      const said = { level: deed.level, proof: deed.proof, purposes: pairs({ marketing: deed.marketing }) }
      consents.set(String(customerId), {
        collection: 'consents',
        // A person's reference is a keyed hash.
        find: { merchantId, platform, storeId, sessionId: shopper.sessionId, customerId },
        fields: { customerId, ...shared, ...said, ...(before && { createdAt: before.fields['createdAt'] }) },
      })
    } else if (deed.what === 'bought') {
      const { orderId, total, recommendationIds } = deed
      const own = { aiSessionId: shopper.sessionId, recommendationIds, total: Decimal128.fromString(total) }
      documents.push({ collection: 'orders', find: { _id: idOf(orderId) }, fields: own })
    }
  }
  return [...documents, ...consents.values()]
}

const timeOf = ({ door }: Step, at: number): Date | Near =>
  door === 'page' ? new Near(new Date(at), requestMs) : new Date(at)

/** Who somebody is only servers say, and they do not say it of interactions. */
const personIn = ({ customerId }: Shopper, { door, deed }: Step): string | undefined =>
  door === 'server' && deed.what !== 'interacted' ? customerId : undefined

/** Maps lie in the database as lists, by name. */
const pairs = (map: Readonly<Record<string, unknown>>) =>
  Object.keys(map)
    .sort()
    .map((name) => ({ name, value: map[name] }))

function sessionOf(teller: Teller, shopper: Shopper, steps: readonly Step[]): ExpectedFields {
  const interactions: unknown[] = []
  const recommendations: unknown[] = []
  let said: Record<string, unknown> = {}
  let given: Level | null = null
  for (const step of steps) {
    const { deed, id } = step
    const userId = personIn(shopper, step)
    if (userId !== undefined) said['userId'] = userId
    switch (deed.what) {
      case 'began': {
        const { locale, device } = deed
        said = { ...said, startedAt: timeOf(step, deed.at), locale, metadata: pairs({ device, snippet: '{}' }) }
        break
      }
      case 'analysed':
        said['faceAnalysisData'] = analysisOf(step, deed.analysis)
        break
      case 'interacted': {
        const { type, properties, ...what } = deed.interaction
        const speaker = step.door === 'page' ? 'browser' : 'server'
        const own = { id: `html|${teller.storeId}|${speaker}:${id}|0`, interactionId: id, type }
        interactions.push({ ...own, at: timeOf(step, step.at), ...what, properties: properties && pairs(properties) })
        break
      }
      case 'recommended': {
        const { recommendationId, items, algorithm, confidence } = deed
        recommendations.push({ id: recommendationId, at: timeOf(step, step.at), items, algorithm, confidence })
        break
      }
      case 'consented':
        given = deed.level
        break
      case 'completed': {
        const { turns, startedAt, endedAt, outcome, conversionResult, orderId, analysis, recommendationIds } = deed
        const ended = { startedAt: timeOf(step, startedAt), completedAt: timeOf(step, endedAt) }
        said = {
          ...said,
          ...ended,
          outcome,
          conversionResult,
          recommendationIds,
          duration: (endedAt - startedAt) / 1000,
        }
        if (orderId !== undefined) said['orderId'] = orderId
        if (analysis !== undefined) said['faceAnalysisData'] = analysisOf(step, analysis)
        said['conversationHistory'] = turns.map(({ role, line, at }) => ({
          ...{ role, text: spoken[line]?.kept ?? '', at: timeOf(step, at) },
        }))
        break
      }
      case 'bought':
        break
      default:
        deed satisfies never
    }
  }
  const [first, last] = [steps[0], steps.at(-1)]
  return {
    ...{ merchantId: teller.merchantId, platform: teller.platform, storeId: teller.storeId },
    ...{ sessionId: shopper.sessionId, deleted: false, region: shopper.region },
    ...{
      userId: null,
      duration: null,
      outcome: null,
      faceAnalysisData: null,
      conversationHistory: null,
      orderId: null,
    },
    ...said,
    ...{ consentLevel: last?.level, consentGiven: given, interactions, recommendations },
    ...(first && { createdAt: timeOf(first, first.at) }),
    ...(last && { updatedAt: timeOf(last, last.at) }),
  }
}

const analysisOf = (step: Step, { timestamp, ...analysis }: Analysis): ExpectedFields => ({
  ...{ ...analysis, timestamp: timeOf(step, timestamp) },
})
