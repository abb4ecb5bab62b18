import { fc } from '@fast-check/vitest'

/** What a test looks for afterwards: in the clear, as base64 and as hexadecimal digits. */
export const marker = 'CANARY'
const inBase64 = Buffer.from(`__${marker}`).toString('base64').slice(3, 9)
const inHex = Buffer.from(marker).toString('hex')

/** Whether the marker is anywhere in a value, in any of its codings. */
export function holdsMarker(value: unknown): boolean {
  const text = JSON.stringify(value) ?? ''
  const decoded = (text.match(/[A-Za-z0-9+/]{8,}={0,2}/g) ?? []).map((run) => Buffer.from(run, 'base64').toString())
  return [text, ...decoded].some((each) => [marker, inBase64, inHex].some((coding) => each.includes(coding)))
}

const rawNames = fc.constantFrom(
  ...['landmarks', 'face_landmarks', 'faceEmbedding', 'embedding', 'embeddings', 'image', 'imageData', 'selfieUrl'],
  ...['keypoints', 'face-mesh-descriptor', 'photo', 'snapshotBase64', 'rawPixels', 'biometricTemplate', 'Picture'],
)
/** A value that raw face data may come as, with the marker in it. */
const rawValue = fc.oneof(
  fc.constant(marker),
  fc.constant([[0.1, 0.2, marker]]),
  fc.constant({ points: [{ x: 1, y: 2, tag: marker }] }),
  fc.constant(`data:image/png;base64,${Buffer.from(marker.repeat(4)).toString('base64')}`),
  fc.constant(JSON.stringify({ tag: marker })),
)

/** An object with the marker under a name that says what it is, in one of its codings. */
const raw = fc.tuple(rawNames, rawValue).map(([name, value]) => ({ [name]: value }))
const codings = fc.constantFrom<(value: unknown) => unknown>(
  (value) => value,
  (value) => JSON.stringify(value),
  (value) => JSON.stringify(JSON.stringify(value)),
  (value) => Buffer.from(JSON.stringify(value)).toString('base64'),
  (value) => `here it is: ${JSON.stringify(value)} as you asked`,
  () => `data:image/jpeg;base64,${Buffer.from(marker.repeat(8)).toString('base64')}`,
  () => Buffer.from(marker.repeat(60)).toString('base64'),
  () => `look ${Buffer.from(marker.repeat(60)).toString('base64url')} there`,
  () => Buffer.from(marker.repeat(60)).toString('hex'),
  () => [0.11, 0.22, 0.33, 0.44, 0.55, 0.66, 0.77, 0.88, marker],
  () => `0.11, 0.22, 0.33, 0.44, 0.55, 0.66, 0.77, 0.88, ${marker}`,
  () => Buffer.from(marker),
)
const hidden = fc.tuple(raw, codings).map(([value, code]) => code(value))

const ordinaryNames = fc.constantFrom(
  'device',
  'notes',
  'extra',
  'payload',
  'data',
  'x',
  'faceAnalysis',
  'metadata',
  '0',
)
/** Plain documents with raw face data at some depth of fields, lists and texts. */
export const documentWithRawData: fc.Arbitrary<unknown> = fc
  .tuple(hidden, fc.array(fc.tuple(ordinaryNames, fc.constantFrom('field', 'list', 'text')), { maxLength: 3 }))
  .map(([value, wrappings]) =>
    wrappings.reduce<unknown>((inner, [name, how]) => {
      if (how === 'list') return ['first', inner]
      return how === 'field' ? { [name]: inner, other: 'oval' } : JSON.stringify({ [name]: inner })
    }, value),
  )
