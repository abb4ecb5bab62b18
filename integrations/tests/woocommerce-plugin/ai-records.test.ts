import { describe, expect, test } from 'vitest'
import { startPluginCore } from './plugin-core.ts'

const raw = {
  landmarks: [[0.1, 0.2]],
  embedding: [0.1],
  embeddings: 'SECRET',
  image: 'data:image/png;base64,SECRET',
  imageUrl: 'https://SECRET',
  rawData: { mesh: 'SECRET' },
  email: 'SECRET@example.com',
}
const analysis = {
  ...raw,
  faceShape: 'oval',
  measurements: {
    ...raw,
    pupillaryDistance: 63.5,
    faceWidth: '140',
    faceHeight: 188,
    noseBridge: 'SECRET',
    templeWidth: 150,
  },
  confidence: 0.93,
  timestamp: 1_795_348_800_250,
  region: 'EU',
  consentLevel: 'enhanced',
}
const sanitised = {
  faceShape: 'oval',
  measurements: { pupillaryDistance: 63.5, faceWidth: 140, faceHeight: 188 },
  confidence: 0.93,
  timestamp: '2026-11-22T12:00:00.250Z',
  region: 'EU',
  consentLevel: 'enhanced',
}

describe.each(['8.1', '8.4'] as const)('PHP %s', async (version) => {
  const php = await startPluginCore(version)

  test('of a face analysis stays what may be kept, and nothing else', async () => {
    expect(await php('FaceAnalysis::sanitise($given)', analysis)).toEqual(sanitised)
  })

  test('what may be kept cannot smuggle anything else', async () => {
    const given = {
      faceShape: { landmarks: 'SECRET' },
      measurements: { pupillaryDistance: ['SECRET'], faceWidth: 'SECRET', faceHeight: 1e9 },
      confidence: 'NaN',
      timestamp: 'yesterday',
      region: 'data:image/png;base64,SECRET',
      consentLevel: 'everything',
    }
    expect(await php('FaceAnalysis::sanitise($given)', given)).toEqual({ consentLevel: 'basic' })
    expect(await php('FaceAnalysis::sanitise($given)', { measurements: 'SECRET' })).toEqual({ consentLevel: 'basic' })
  })

  test('a face analysis names its session, or is none', async () => {
    expect(await php('AiRecords::faceAnalysis($given)', { ...raw, sessionId: 's-1', analysisId: 7, analysis })).toEqual(
      {
        sessionId: 's-1',
        analysisId: '7',
        consentLevel: 'enhanced',
        analysis: sanitised,
      },
    )
    expect(await php('AiRecords::faceAnalysis($given)', { analysis })).toBeNull()
    expect(await php('AiRecords::faceAnalysis($given)', { sessionId: '../..', analysis })).toBeNull()
    expect(await php('AiRecords::faceAnalysis($given)', { sessionId: 's', analysis: raw })).toBeNull()
  })

  const session = {
    ...raw,
    customerId: '99',
    sessionId: 's-1',
    consentLevel: 'research',
    startedAt: '2026-11-22T13:00:00+01:00',
    completedAt: '2026-11-22T12:05:00Z',
    durationSeconds: 300,
    outcome: 'recommended',
    recommendationIds: ['r-1', 'r-1', { id: 'SECRET' }, 'r 2', 'r-3'],
    faceAnalysis: analysis,
    conversation: [
      { role: 'shopper', text: ' Something \u0000round? ', at: '2026-11-22T12:01:00Z', audio: 'SECRET' },
      { role: 'system', text: 'SECRET' },
      { role: 'assistant', text: 'x'.repeat(5000) },
      'SECRET',
    ],
  }

  test('a session carries a sanitised analysis, and its conversation where the owner says so', async () => {
    const without = {
      sessionId: 's-1',
      consentLevel: 'research',
      startedAt: '2026-11-22T12:00:00.000Z',
      completedAt: '2026-11-22T12:05:00.000Z',
      durationSeconds: 300,
      outcome: 'recommended',
      recommendationIds: ['r-1', 'r-3'],
      faceAnalysis: sanitised,
    }
    expect(await php('AiRecords::session($given, false)', session)).toEqual(without)
    expect(await php('AiRecords::session($given, true)', session)).toEqual({
      ...without,
      conversation: [
        { role: 'shopper', text: 'Something round?', at: '2026-11-22T12:01:00.000Z' },
        { role: 'assistant', text: 'x'.repeat(4000) },
      ],
    })
    expect(JSON.stringify(await php('AiRecords::session($given, true)', session))).not.toContain('SECRET')
  })

  test('a session without an id is none; one without anything else is one', async () => {
    expect(await php('AiRecords::session($given, true)', { outcome: 'x' })).toBeNull()
    expect(await php('AiRecords::session($given, true)', { sessionId: 's', faceAnalysis: raw })).toEqual({
      sessionId: 's',
      consentLevel: 'basic',
      recommendationIds: [],
    })
  })

  test.each([
    ['2026-11-22T12:00:00Z', '2026-11-22T12:00:00.000Z'],
    ['2026-11-22 12:00:00.123456+0530', '2026-11-22T06:30:00.123Z'],
    [0, '1970-01-01T00:00:00.000Z'],
    ['2026-11-22T12:00:00', null],
    ['2026-13-45T12:00:00Z', null],
    ['2026-02-31T12:00:00Z', null],
    ['now', null],
    [-1, null],
    [1e300, null],
  ])('the time %s is %s', async (given, expected) => {
    expect(await php('Field::time($given)', given)).toBe(expected)
  })
})
