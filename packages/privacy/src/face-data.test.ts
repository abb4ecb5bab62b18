import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { dropFaceData, findFaceData } from './face-data.ts'
import { documentWithRawData, holdsMarker } from './test-markers.ts'

test.prop([documentWithRawData], { numRuns: 2_000 })('raw face data never survives, wherever it lies', (document) => {
  expect(findFaceData(document)).not.toEqual([])
  expect(holdsMarker(dropFaceData(document))).toBe(false)
})

test.prop([documentWithRawData])('what is left always passes the check', (document) => {
  const left = dropFaceData(document)
  expect(findFaceData(left)).toEqual([])
  expect(dropFaceData(left)).toEqual(left)
})

test.prop([fc.anything({ withTypedArray: true, withNullPrototype: true })])('never throws', (value) => {
  expect(findFaceData(dropFaceData(value))).toEqual([])
})

/** What sessions, orders and recommendations really say: none of it may be taken for a face. */
const ordinary: readonly unknown[] = [
  { device: 'mobile', viewport: '390x844', snippet: '1.4.0', locale: 'de-AT' },
  { faceShape: 'oval', measurements: { pupillaryDistance: 62.5, faceWidth: 138 }, confidence: 0.93 },
  { purposes: { marketing: true, research: false }, proof: 'consent text 2026-01, checkbox in the assistant' },
  { lens: 'photochromic', photochromicLens: 'yes', description: 'Round, light, 52-18-140' },
  'I would like something for my oval face, PD 62.5, about 200 to 300 euros, 140 mm wide.',
  'OD -1.25 -0.50 180, OS -1.00 -0.75 175, add +2.00',
  'My choices: [1] Aalto, [2] Bodo, [3] Cph.',
  '{"od":{"sphere":"-1.25","cylinder":"-0.50","axis":180},"pd":"62.5"}',
  'https://shop.example/products/aalto?variant=44987612300099881&utm_source=newsletter',
  'f47ac10b-58cc-4372-a567-0e02b2c3d479',
  [62.5, 138, 187.5],
  ['rec_1', 'rec_2', 'rec_3', 'rec_4', 'rec_5', 'rec_6', 'rec_7', 'rec_8', 'rec_9'],
  ['4711', '4712', '4713', '4714', '4715', '4716', '4717', '4718', '4719'],
  { at: 1_773_480_370_000, list: [{ productId: '1', position: 1 }] },
]

describe('ordinary values stay as they are', () => {
  test.each(ordinary.map((value) => [JSON.stringify(value), value] as const))('%s', (_, value) => {
    expect(findFaceData(value)).toEqual([])
    expect(dropFaceData(value)).toEqual(value)
  })
})

test('says where it was, and leaves the rest', () => {
  const session = {
    outcome: 'bought',
    extra: { faceLandmarks: [1, 2], kept: 'yes', note: '{"embedding":[0.1],"mood":"good"}' },
    turns: [{ text: 'hello' }, { text: 'data:image/png;base64,iVBORw0KGgo=' }],
  }
  expect(findFaceData(session)).toEqual(['extra.faceLandmarks', 'extra.note.embedding', 'turns[1].text'])
  expect(dropFaceData(session)).toEqual({
    outcome: 'bought',
    extra: { kept: 'yes', note: '{"mood":"good"}' },
    turns: [{ text: 'hello' }, { text: '[removed]' }],
  })
})

test('a document that nests without end is cut', () => {
  let document: unknown = { x: 'CANARY' }
  for (let depth = 0; depth < 100_000; depth += 1) document = { x: document }
  expect(holdsMarker(dropFaceData(document))).toBe(false)
})
