import type { ServerEvent } from './api-events.ts'

/** What one can send, as the document of the API shows it. Each is taken as it stands. */

const session = { sessionId: 'ais_01JD4QK7W3', consentLevel: 'enhanced', region: 'EU' } as const
const analysis = {
  faceShape: 'oval',
  measurements: { pupillaryDistance: 62.5, faceWidth: 138, faceHeight: 187.5 },
  confidence: 0.93,
  timestamp: '2026-03-14T09:26:10.000Z',
  region: 'EU',
  consentLevel: 'enhanced',
}
const interaction = {
  ...{ productId: '8123459876001122334', variantId: '44987612300099881', recommendationId: 'rec_01JD4QKB1Z' },
  properties: { surface: 'recommendations', position: '1' },
}
const sessionData = {
  startedAt: '2026-03-14T09:25:00.000Z',
  locale: 'de-AT',
  metadata: { device: 'mobile', snippet: '1.0.0' },
}
const order = {
  ...{ name: '#1001', createdAt: '2026-03-14T09:31:00.000Z', status: 'pending', currency: 'EUR', total: '189.00' },
  ...{ customerId: 'c-17', email: 'lena.sommerfeld@example.com', aiSessionId: session.sessionId },
  recommendationIds: ['rec_01JD4QKB1Z'],
  items: [
    {
      ...{ id: '1', productId: '8123459876001122334', sku: 'NL-AALTO-TOR-52', title: 'Aalto', quantity: 1 },
      ...{ price: '189.00', lensType: 'single vision', properties: [{ name: 'engraving', value: 'L. S.' }] },
    },
  ],
}
const customer = {
  ...{ email: 'lena.sommerfeld@example.com', firstName: 'Lena', lastName: 'Sommerfeld', locale: 'de-AT' },
  ...{ acceptsMarketing: false, preferences: { frameShape: 'round' } },
  addresses: [{ id: 'a-1', address1: 'Hauptstraße 1', city: 'Graz', zip: '8010', countryCode: 'AT', isDefault: true }],
}
const product = {
  ...{ title: 'Aalto', vendor: 'Nordlicht', productType: 'frame', status: 'active', tags: ['round'], currency: 'EUR' },
  variants: [{ id: 'v-1', sku: 'NL-AALTO-TOR-52', price: '189.00', inventoryQuantity: 4 }],
  images: [{ src: 'https://shop.example/aalto.jpg', alt: 'Aalto, tortoise' }],
  ...{ frameShape: 'round', frameMaterial: 'acetate', recommendedFaceShapes: ['oval', 'square'], lensWidthMm: '52' },
  complete: { variants: true },
}
const recommendation = {
  ...{ recommendationId: 'rec_01JD4QKB1Z', algorithm: 'face-fit 3.2', confidence: 0.91 },
  items: [
    {
      id: 'rec_01JD4QKB1Z_1',
      productId: '8123459876001122334',
      position: 1,
      score: 0.94,
      reason: 'Softens an oval face.',
    },
  ],
  context: { faceShape: 'oval', budget: '200-300' },
}
const conversation = [
  { role: 'shopper', text: 'I am looking for a light round frame.', at: '2026-03-14T09:25:20.000Z' },
  { role: 'assistant', text: 'May I look at your face shape first?', at: '2026-03-14T09:25:24.000Z' },
]

/** The parts of each event's example that are its own. */
const parts: Readonly<Record<ServerEvent, Readonly<Record<string, unknown>>>> = {
  ai_session_started: { ...session, data: sessionData },
  ai_session_completed: {
    ...session,
    data: {
      ...sessionData,
      ...{ completedAt: '2026-03-14T09:32:00.000Z', durationSeconds: 420, outcome: 'recommendation_accepted' },
      ...{ conversionResult: 'purchased', faceAnalysis: analysis, conversation, recommendationIds: ['rec_01JD4QKB1Z'] },
    },
  },
  face_analysis_completed: { ...session, data: { analysisId: 'fa_01JD4QK9T2', analysis } },
  recommendation_generated: { ...session, data: recommendation },
  recommendation_clicked: { ...session, data: interaction },
  virtual_try_on_started: { ...session, data: { ...interaction, durationMs: 18_500, properties: { camera: 'front' } } },
  product_viewed: { ...session, data: interaction },
  product_clicked: { ...session, data: interaction },
  consent_changed: {
    ...session,
    data: {
      level: 'enhanced',
      purposes: { marketing: true, research: false },
      proof: 'consent text 2026-01, checkbox in the assistant',
    },
  },
  order_created: { entityId: '1001', data: order },
  payment_completed: { entityId: '1001', data: { ...order, status: 'paid', paidAt: '2026-03-14T09:31:40.000Z' } },
  order_updated: { entityId: '1001', cleared: ['note'], data: { shippingAddress: customer.addresses[0] } },
  order_cancelled: { entityId: '1001', data: { cancelledAt: '2026-03-15T08:00:00.000Z', cancelReason: 'customer' } },
  order_fulfilled: {
    entityId: '1001',
    data: {
      fulfillmentStatus: 'fulfilled',
      fulfilments: [{ id: 'f-1', status: 'success', trackingCompany: 'Post', trackingNumbers: ['AT123'] }],
    },
  },
  order_completed: { entityId: '1001', data: { completedAt: '2026-03-18T10:00:00.000Z' } },
  order_edited: { entityId: '1001', data: { items: order.items, total: '189.00' } },
  order_refunded: {
    entityId: '1001',
    data: {
      status: 'refunded',
      refunds: [
        { id: 'r-1', createdAt: '2026-03-20T10:00:00.000Z', total: '189.00', lines: [{ lineId: '1', quantity: 1 }] },
      ],
      complete: { refunds: true },
    },
  },
  order_restored: { entityId: '1001', data: order },
  order_deleted: { entityId: '1001', data: { reason: 'deleted' } },
  customer_created: { entityId: 'c-17', data: customer },
  customer_updated: { entityId: 'c-17', cleared: ['phone'], data: { lastName: 'Winter' } },
  customer_deleted: { entityId: 'c-17' },
  product_created: { entityId: '8123459876001122334', data: product },
  product_updated: { entityId: '8123459876001122334', data: { title: 'Aalto II' } },
  product_restored: { entityId: '8123459876001122334', data: product },
  product_deleted: { entityId: '8123459876001122334', data: { reason: 'deleted' } },
  product_catalog_update: { entityId: '8123459876001122334', data: product },
}

const idOf = (event: ServerEvent): string => `evt_${event}_01`

/** The example of an event, for servers and browsers alike. */
export const exampleOf = (event: ServerEvent): Readonly<Record<string, unknown>> => ({
  ...{ id: idOf(event), event, occurredAt: '2026-03-14T09:32:00.000Z' },
  ...parts[event],
})
