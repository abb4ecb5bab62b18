import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { sanitiseFaceAnalysis } from './sanitise-face-analysis.ts'
import { documentWithRawData, holdsMarker } from './test-markers.ts'

const analysis = {
  faceShape: 'oval',
  measurements: { pupillaryDistance: 62.5, faceWidth: 138, faceHeight: 187.5 },
  confidence: 0.93,
  timestamp: 1_773_480_370_000,
  region: 'EU',
  consentLevel: 'enhanced',
}

test('all that may be kept is kept', () => {
  expect(sanitiseFaceAnalysis(analysis)).toEqual(analysis)
})

const field = fc.constantFrom('faceShape', 'measurements', 'confidence', 'timestamp', 'region', 'consentLevel', 'extra')
test.prop([fc.array(fc.tuple(field, documentWithRawData)), fc.boolean()], { numRuns: 1_000 })(
  'raw face data never survives, in unknown fields, inside the measurements or in the place of an allowed value',
  (additions, inside) => {
    const added = Object.fromEntries(additions)
    const given = inside
      ? { ...analysis, measurements: { ...analysis.measurements, ...added, pupillaryDistance: added } }
      : { ...analysis, ...added }
    const kept = sanitiseFaceAnalysis(given)
    expect(holdsMarker(kept)).toBe(false)
    expect(Object.keys(analysis)).toEqual(expect.arrayContaining(Object.keys(kept)))
    expect(Object.keys(analysis.measurements)).toEqual(expect.arrayContaining(Object.keys(kept.measurements ?? {})))
  },
)

test.prop([fc.anything()])('never throws, and sanitising twice changes nothing', (value) => {
  const once = sanitiseFaceAnalysis(value)
  expect(sanitiseFaceAnalysis(once)).toEqual(once)
})

test('numbers as text, as objects of a parser, times with their offset', () => {
  const wrapped = { valueOf: () => 0.5 }
  expect(
    sanitiseFaceAnalysis({
      measurements: { faceWidth: '138.5' },
      confidence: wrapped,
      timestamp: '2026-03-14T09:26:10Z',
    }),
  ).toEqual({ measurements: { faceWidth: 138.5 }, confidence: 0.5, timestamp: Date.UTC(2026, 2, 14, 9, 26, 10) })
})

test.each([
  ['a shape that is a sentence', { faceShape: 'oval with a scar on the left cheek' }],
  ['a shape that is a code', { faceShape: 'Q0FOQVJZ_Q0FO' }],
  ['a size that no face has', { measurements: { faceWidth: 1_380 } }],
  ['a size of nothing', { measurements: { faceWidth: 0 } }],
  ['sizes that are a list', { measurements: [62, 138] }],
  ['more than certain', { confidence: 93 }],
  ['a time without its offset', { timestamp: '2026-03-14T09:26:10' }],
  ['a region in words', { region: 'somewhere in Europe' }],
  ['a level nobody knows', { consentLevel: 'all' }],
  ['inherited fields', Object.create({ faceShape: 'oval' })],
])('%s is left out', (_, given) => {
  expect(sanitiseFaceAnalysis(given)).toEqual({})
})
