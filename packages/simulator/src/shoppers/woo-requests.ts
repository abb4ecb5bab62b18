import type { Sendable } from '../deliver.ts'
import { signedWooRequest } from '../woocommerce/sign.ts'
import type { Shopper, Step } from './life.ts'
import { sayAnalysis, sayCompleted } from './speak.ts'

/** The steps that the WooCommerce plugin tells of. */
export const toldByWoo = ({ steps }: Shopper): Step[] =>
  steps
    .filter(({ deed }) => deed.what === 'completed' || deed.what === 'analysed')
    // The shop tells of them, whoever did them.
    .map((step) => ({ ...step, door: 'server' }))

/** What the plugin sends of shoppers, each step as a webhook of its own, as if nothing had been sanitised in the shop. */
export function* wooRequests(
  shop: { readonly storeId: string; readonly secret: string },
  shoppers: readonly Shopper[],
): Generator<Sendable, void, undefined> {
  let delivery = 0
  for (const shopper of shoppers) {
    for (const step of toldByWoo(shopper)) {
      delivery += 1
      const { topic, body } = wooDocument(shopper, step)
      const parts = { storeId: shop.storeId, secret: shop.secret, topic, webhookId: '1', deliveryId: `ai-${delivery}` }
      yield signedWooRequest(JSON.stringify(body), parts)
    }
  }
}

const utc = (at: number): string => new Date(at).toISOString()

function wooDocument({ sessionId, customerId, region }: Shopper, { id, at, level, deed }: Step) {
  const who = { sessionId, consentLevel: level, ...(customerId !== undefined && { customerId }), region }
  const shared = { id, occurredAt: utc(at) }
  if (deed.what === 'completed') {
    const session = { ...who, ...sayCompleted(deed, utc) }
    return { topic: 'varai_ai_session.completed', body: { ...shared, event: 'varai_ai_session_completed', session } }
  }
  const analysed =
    deed.what === 'analysed' ? { analysisId: deed.analysisId, analysis: sayAnalysis(deed.analysis, utc) } : {}
  return {
    topic: 'varai_face_analysis.completed',
    body: { ...shared, event: 'varai_face_analysis_completed', faceAnalysis: { ...who, ...analysed } },
  }
}
