import type { Facts, Reader } from '@varai/ingest/pure'
import { commaList } from '../../comma-list.ts'
import { millimetres } from './millimetres.ts'

type FrameFacts = Pick<
  Facts<'ProductStated'>,
  | 'frameShape'
  | 'frameMaterial'
  | 'frameColor'
  | 'lensType'
  | 'recommendedFaceShapes'
  | 'lensWidthMm'
  | 'bridgeWidthMm'
  | 'templeLengthMm'
  | 'lensHeightMm'
  | 'frameWidthMm'
>

/** Keys in our namespace `varai`, the usual one first. */
const keysOf = {
  frameShape: ['frame_shape'],
  frameMaterial: ['frame_material'],
  frameColor: ['frame_color', 'frame_colour'],
  lensType: ['lens_type'],
  recommendedFaceShapes: ['recommended_face_shapes'],
  lensWidthMm: ['lens_width', 'lens_width_mm'],
  bridgeWidthMm: ['bridge_width', 'bridge_width_mm'],
  templeLengthMm: ['temple_length', 'temple_length_mm'],
  lensHeightMm: ['lens_height', 'lens_height_mm'],
  frameWidthMm: ['frame_width', 'frame_width_mm'],
} as const satisfies Record<keyof FrameFacts, readonly string[]>

/**
 * Eyewear facts from a product's metafields, raw: the taxonomy comes later. Nothing is stated when the product came
 * without metafields; otherwise what is not among them is empty, because the subscription asks for the namespace as a
 * whole. A size that cannot be read is left out: people type it.
 */
export function readFrame(product: Reader): { readonly facts: FrameFacts; readonly cleared: readonly string[] } {
  if (!product.states('metafields')) return { facts: {}, cleared: [] }
  const fields = new Map(
    product
      .list('metafields')
      .filter((field) => field.optionalText('namespace') === 'varai' && field.has('value'))
      .map((field) => [field.text('key'), field] as const),
  )
  const fieldOf = (ours: keyof FrameFacts): Reader | undefined =>
    keysOf[ours].map((key) => fields.get(key)).find((field) => field !== undefined)
  const words = (ours: keyof FrameFacts): string[] => listIn(fieldOf(ours)?.freeText('value') ?? '')
  const word = (ours: keyof FrameFacts): string | undefined => words(ours).join(', ') || undefined
  const size = (ours: keyof FrameFacts): string | undefined => {
    const field = fieldOf(ours)
    const millimetre = field && millimetres(field.freeText('value') ?? '')
    if (field !== undefined && millimetre === undefined) field.leaveOut('value')
    return millimetre
  }
  return {
    facts: {
      frameShape: word('frameShape'),
      frameMaterial: word('frameMaterial'),
      frameColor: word('frameColor'),
      lensType: word('lensType'),
      recommendedFaceShapes: words('recommendedFaceShapes'),
      lensWidthMm: size('lensWidthMm'),
      bridgeWidthMm: size('bridgeWidthMm'),
      templeLengthMm: size('templeLengthMm'),
      lensHeightMm: size('lensHeightMm'),
      frameWidthMm: size('frameWidthMm'),
    },
    cleared: names.filter((ours) => ours !== 'recommendedFaceShapes' && fieldOf(ours) === undefined),
  }
}

const names = Object.keys(keysOf) as (keyof FrameFacts)[]

/** A list metafield holds a JSON list; a plain one holds words with commas between them. */
function listIn(text: string): string[] {
  const items = jsonList(text)
  return items === undefined ? commaList(text) : items.map((item) => item.trim()).filter((item) => item !== '')
}

function jsonList(text: string): string[] | undefined {
  if (!text.trimStart().startsWith('[')) return undefined
  try {
    const parsed: unknown = JSON.parse(text)
    return Array.isArray(parsed) ? parsed.filter((item) => typeof item === 'string') : undefined
  } catch {
    return undefined
  }
}
