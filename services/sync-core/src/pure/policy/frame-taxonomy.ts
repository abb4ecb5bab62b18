import { frameTerms } from '@varai/schemas'
import type { Check, Checked } from './check.ts'

/** The term that a raw value means; a value without any is no value of the field. */
const check =
  (what: string, termOf: (text: string) => string | undefined): Check =>
  (value): Checked => {
    const term = typeof value === 'string' ? termOf(value) : undefined
    return term === undefined
      ? { ok: false, problem: `is no ${what} that the taxonomy knows` }
      : { ok: true, value: term }
  }

export const checkFrameShape = check('shape of frames', frameTerms.frameShape)
export const checkFrameMaterial = check('material of frames', frameTerms.frameMaterial)
export const checkFrameColor = check('colour', frameTerms.frameColor)
export const checkLensType = check('kind of lenses', frameTerms.lensType)
export const checkFaceShape = check('shape of faces', frameTerms.faceShape)
