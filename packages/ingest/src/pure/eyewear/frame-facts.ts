import type { Facts } from '../translation.ts'
import { commaList } from './comma-list.ts'
import { millimetres } from './millimetres.ts'

export type FrameFacts = Pick<
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

/** Names under which shops keep these facts for us, the usual one first. */
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

export type Frame = {
  readonly facts: FrameFacts
  /** Facts that the product says nothing about. */
  readonly unstated: readonly (keyof FrameFacts)[]
  /** Names under which a size stands that cannot be read: people type it. */
  readonly unreadable: readonly string[]
}

/**
 * Eyewear facts of a product, raw: the taxonomy comes later. `textOf` gives the text that the product keeps under one
 * of our names (`frame_shape`, without any prefix); undefined where it keeps none.
 */
export function frameFacts(textOf: (name: string) => string | undefined): Frame {
  const unreadable: string[] = []
  const found = (ours: keyof FrameFacts): readonly [name: string, value: string] | undefined => {
    for (const name of keysOf[ours]) {
      const value = textOf(name)
      if (value !== undefined) return [name, value]
    }
    return undefined
  }
  const words = (ours: keyof FrameFacts): string[] => listIn(found(ours)?.[1] ?? '')
  const word = (ours: keyof FrameFacts): string | undefined => words(ours).join(', ') || undefined
  const size = (ours: keyof FrameFacts): string | undefined => {
    const field = found(ours)
    const millimetre = field && millimetres(field[1])
    if (field !== undefined && millimetre === undefined) unreadable.push(field[0])
    return millimetre
  }
  const facts: FrameFacts = {
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
  }
  return { facts, unstated: names.filter((ours) => found(ours) === undefined), unreadable }
}

const names = Object.keys(keysOf) as (keyof FrameFacts)[]

/** A list is a JSON list or holds words with commas between them. */
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
