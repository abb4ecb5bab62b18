import { fc, test } from '@fast-check/vitest'
import { findFaceData, sanitiseFaceAnalysis } from '@varai/privacy'
import { describe, expect } from 'vitest'
import { dataOf } from './event-data.ts'

const marker = 'CANARY'
const landmarks = Array.from({ length: 468 }, () => [0.1, 0.2, marker])
/** What a face library gives back, and more: under its own names, under ours, and deeper. */
const raw = {
  ...{ landmarks, embedding: [0.1, marker], image: `data:image/png;base64,${marker}`, descriptor: marker },
  ...{ customerId: marker, email: marker, orderId: marker, nested: { deeper: [{ selfie: marker }] } },
}
const analysis = {
  ...{ faceShape: 'oval', confidence: 0.93, timestamp: Date.UTC(2026, 2, 14), region: 'EU', consentLevel: 'enhanced' },
  measurements: { pupillaryDistance: 62.5, faceWidth: 138, faceHeight: 187.5 },
}

test('of an analysis only what may be kept leaves the page, nested too', () => {
  const given = {
    ...raw,
    analysisId: 'fa-1',
    analysis: { ...analysis, ...raw, measurements: { ...analysis.measurements, ...raw } },
  }
  const expected = { ...analysis, timestamp: '2026-03-14T00:00:00.000Z' }
  expect(dataOf('face_analysis_completed', given)).toEqual({ analysisId: 'fa-1', analysis: expected })
  expect(dataOf('ai_session_completed', { ...raw, faceAnalysis: { ...analysis, ...raw }, outcome: 'bought' })).toEqual({
    ...{ faceAnalysis: expected, outcome: 'bought' },
  })
})

const names = ['faceShape', 'measurements', 'confidence', 'timestamp', 'region', 'consentLevel', 'landmarks', 'image']
const sizes = ['pupillaryDistance', 'faceWidth', 'faceHeight', 'depth']
const analyses = fc.dictionary(
  fc.constantFrom(...names),
  fc.oneof(fc.anything(), fc.double(), fc.string(), fc.dictionary(fc.constantFrom(...sizes), fc.anything())),
)
test.prop([fc.oneof(fc.anything(), analyses)], { numRuns: 2_000 })(
  'whatever an analysis is, what leaves is what the collector would keep of it',
  (given) => {
    const left = dataOf('face_analysis_completed', { analysis: given })?.['analysis']
    const kept = sanitiseFaceAnalysis(left)
    const { timestamp, measurements = {}, ...rest }: { timestamp?: string; measurements?: object } = { ...Object(left) }
    // Nothing was measured as 0; the page need not know.
    const measured = Object.fromEntries(Object.entries(measurements).filter(([, size]) => size !== 0))
    expect(kept).toEqual({
      ...rest,
      ...(timestamp !== undefined && { timestamp: Date.parse(timestamp) }),
      ...(Object.keys(measured).length > 0 && { measurements: measured }),
    })
  },
)

const events = [
  ...['product_viewed', 'product_clicked', 'recommendation_clicked', 'virtual_try_on_started', 'consent_changed'],
  ...['ai_session_started', 'ai_session_completed', 'face_analysis_completed'],
]
test.each(events)('%s: no field of a stranger, no image, no vector', (event) => {
  const fields = ['productId', 'sku', 'locale', 'outcome', 'proof', 'analysisId', 'recommendationIds', 'metadata']
  const inEvery = (value: unknown) =>
    dataOf(event, {
      ...Object.fromEntries(fields.map((name) => [name, value])),
      ...{ properties: { surface: value, ...raw }, metadata: { device: value, ...raw }, ...raw },
    })
  for (const value of [
    raw,
    landmarks,
    raw.image,
    JSON.stringify(raw),
    '0.11,'.repeat(30),
    '0.11, '.repeat(30),
    'QUJD'.repeat(99),
  ]) {
    const data = inEvery(value)
    expect(JSON.stringify(data)).not.toContain(marker)
    expect(findFaceData(data)).toEqual([])
  }
})

test('what shops and assistants really say arrives', () => {
  const click = {
    ...{ productId: 8123459876001, variantId: 'gid://shopify/ProductVariant/1', sku: 'NL-AALTO-TOR-52' },
    ...{ recommendationId: 'rec_01JD4QKB1Z', durationMs: 18_500, properties: { surface: 'list', position: '1' } },
  }
  expect(dataOf('product_clicked', click)).toEqual({ ...click, productId: '8123459876001' })
  const session = {
    ...{ locale: 'de-AT', outcome: 'recommendation_accepted', conversionResult: 'purchased' },
    ...{ recommendationIds: ['rec_1'], metadata: { device: 'mobile', theme: 'Größe 2.0' } },
  }
  expect(dataOf('ai_session_completed', session)).toEqual(session)
  const proof = 'consent text 2026-01, checkbox in the assistant'
  expect(dataOf('consent_changed', { proof })).toEqual({ proof })
})

describe('what is no event of a page', () => {
  test.each(['order_created', 'constructor', '__proto__', 'toString', ''])('%j', (event) => {
    expect(dataOf(event, raw)).toBeUndefined()
  })
})
test.prop([fc.constantFrom(...events), fc.anything()])('never throws', (event, given) => {
  expect(dataOf(event, given)).toBeTypeOf('object')
})
