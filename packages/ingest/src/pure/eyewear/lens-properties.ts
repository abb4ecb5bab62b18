import type { Property } from '@varai/schemas'

/** What the properties of an order line say about lenses, and all that is not health data as it stands. */
export type LensProperties = {
  readonly lensType: string | undefined
  readonly lensCoating: string | undefined
  /** JSON text. */
  readonly prescription: string | undefined
  /** The line's properties without those that make the prescription. */
  readonly properties: readonly Property[]
}

const typeNames = new Set(['lenstype', 'typeoflens', 'typeoflenses', 'lens', 'lenses', 'lensoption', 'visiontype'])
const coatingNames = new Set(['lenscoating', 'lenscoatings', 'coating', 'coatings', 'lenstreatment', 'lensfinish'])
/** "Prescription", "Rx file", "prescription_json": whatever begins so may hold the eyes of a person. */
const wholePrescription = /^(?:prescription|rx)/
/** One eye's value, e.g. "OD Sphere", "left cyl", "Axis (OS)"; and the pupillary distance by itself. */
const measure = 'sph|sphere|spherical|cyl|cylinder|axis|add|addition|nearadd|prism|base|pd'
const eye = 'od|os|ou|right|righteye|left|lefteye|both|botheyes|r|l'
const oneEye = new RegExp(
  `^(?:(?:${eye})(?:${measure})|(?:${measure})(?:${eye})|sph|sphere|cyl|cylinder|axis|pd|pupillarydistance|(?:${eye})pupillarydistance|pupillarydistance(?:${eye}))$`,
)

/**
 * Sorts a line's properties by the names that shops commonly give them, whatever their case, spaces and signs: a
 * hidden `_lens_type` is "Lens Type". The prescription leaves the list: it is health data and lies in one place only.
 */
export function lensProperties(given: readonly Property[]): LensProperties {
  const properties: Property[] = []
  const health: Property[] = []
  let lensType: string | undefined
  let lensCoating: string | undefined
  for (const property of given) {
    const name = property.name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
    if (wholePrescription.test(name) || oneEye.test(name)) {
      if (property.value !== '') health.push(property)
      continue
    }
    if (typeNames.has(name)) lensType ??= property.value || undefined
    if (coatingNames.has(name)) lensCoating ??= property.value || undefined
    properties.push(property)
  }
  return { lensType, lensCoating, prescription: prescriptionOf(health), properties }
}

/** One property with JSON in it is that JSON; anything else becomes an object of names and values as stated. */
function prescriptionOf(health: readonly Property[]): string | undefined {
  const [first, ...others] = health
  if (first === undefined) return undefined
  if (others.length > 0) return JSON.stringify(Object.fromEntries(health.map(({ name, value }) => [name, value])))
  const named = first.name.toLowerCase().replaceAll(/[^a-z]/g, '')
  if (!wholePrescription.test(named)) return JSON.stringify({ [first.name]: first.value })
  return isJson(first.value) ? first.value : JSON.stringify(first.value)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
