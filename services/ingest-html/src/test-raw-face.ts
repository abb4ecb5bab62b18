/** Marker strings in everything that must never leave: what a careless integration could send. */
export const marker = 'CANARY'
const image = `data:image/png;base64,${Buffer.from(marker.repeat(30)).toString('base64')}`
const landmarks = [
  [0.1, 0.2, 0.3],
  [0.4, 0.5, 0.6],
  [0.7, 0.8, 0.9],
].map((point) => [...point, marker])

const raw = {
  ...{ landmarks, faceLandmarks: { tag: marker }, embedding: [0.11, 0.22, marker], image, imageData: marker },
  ...{ descriptor: marker, nested: { deeper: [{ selfie: image, anything: marker }] }, unknownField: marker },
}

/** A session and an analysis with all they may state, and raw face data in every place that a field could be. */
export const sessionWithRawData = (sessionId: string) => ({
  ...{ id: `done-${sessionId}`, event: 'ai_session_completed', sessionId, consentLevel: 'research', ...raw },
  occurredAt: new Date().toISOString(),
  data: {
    ...raw,
    outcome: 'recommendation_accepted',
    algorithm: marker,
    faceAnalysis: {
      ...{ faceShape: 'oval', confidence: 0.9, ...raw },
      measurements: { pupillaryDistance: 62.5, ...raw },
    },
    conversation: [
      { role: 'shopper', text: `Here is my face ${image}`, ...raw },
      { role: 'shopper', text: JSON.stringify({ landmarks }) },
      { role: 'shopper', text: 'Call me at +43 664 1234567 or lena@example.com, card 4111 1111 1111 1111' },
    ],
    metadata: {
      device: 'mobile',
      landmarks: JSON.stringify(landmarks),
      snippet: JSON.stringify({ image: marker }),
      extra: marker,
    },
  },
})

export const analysisWithRawData = (sessionId: string) => ({
  ...{ id: `fa-${sessionId}`, event: 'face_analysis_completed', sessionId, ...raw },
  occurredAt: new Date().toISOString(),
  data: {
    ...raw,
    analysisId: `a-${sessionId}`,
    analysis: {
      ...{ faceShape: `oval ${marker}: a scar`, timestamp: '2026-03-14T09:26:10Z', region: 'EU', ...raw },
      consentLevel: 'basic',
      measurements: { faceWidth: 138, ...raw },
    },
  },
})

/** Whether the marker is in some bytes, in the clear or in any of the three alignments of base64. */
export function holdsMarker(bytes: Uint8Array | string): boolean {
  const text = Buffer.from(bytes).toString('latin1')
  const codings = [0, 1, 2].map((shift) => {
    const coded = Buffer.from('_'.repeat(shift) + marker + '_'.repeat(3)).toString('base64')
    return coded.slice(shift === 0 ? 0 : shift + 1, 8)
  })
  return [marker, ...codings].some((coding) => text.includes(coding))
}
