import { type ConsentLevel, consentLevels } from './consent-table.ts'

/** Millimetres. */
export type FaceMeasurements = { pupillaryDistance?: number; faceWidth?: number; faceHeight?: number }

/** All that may be kept of a face analysis. */
export type FaceAnalysis = {
  /** One or two words: oval, round, … */
  faceShape?: string
  measurements?: FaceMeasurements
  /** 0 to 1. */
  confidence?: number
  /** Epoch ms. */
  timestamp?: number
  /** A region's code, such as EU or DE-BY. */
  region?: string
  consentLevel?: ConsentLevel
}

/**
 * What may be kept of a face analysis, whoever made it. An allow-list of fields and of the form of each: landmarks,
 * embeddings and images have no place to stand in, under whatever name and in whatever coding. A value of another form
 * is left out; a document that is no object yields an empty analysis. Numbers may come as text or wrapped.
 */
export function sanitiseFaceAnalysis(analysis: unknown): FaceAnalysis {
  const given = fieldsOf(analysis)
  const sizes = fieldsOf(given('measurements'))
  const measurements = stated({
    pupillaryDistance: millimetres(sizes('pupillaryDistance')),
    faceWidth: millimetres(sizes('faceWidth')),
    faceHeight: millimetres(sizes('faceHeight')),
  })
  return stated({
    faceShape: matching(given('faceShape'), /^\p{L}+(?:[ _-]\p{L}+)?$/u, 24),
    measurements: Object.keys(measurements).length > 0 ? measurements : undefined,
    confidence: numberWithin(given('confidence'), 0, 1),
    timestamp: time(given('timestamp')),
    region: matching(given('region'), /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,3})?$/, 7),
    consentLevel: consentLevels.find((level) => level === given('consentLevel')),
  })
}

/** Own fields only: a document may name `__proto__`. */
const fieldsOf = (value: unknown): ((name: string) => unknown) =>
  typeof value === 'object' && value !== null
    ? (name) => (Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined)
    : () => undefined

/** Without the fields that are undefined. */
function stated<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: { [K in keyof T]?: Exclude<T[K], undefined> } = {}
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) Reflect.set(kept, name, value)
  return kept
}

/** No face is larger; what is not above 0 was not measured. */
const millimetres = (value: unknown): number | undefined => {
  const size = numberWithin(value, 0, 500)
  return size === 0 ? undefined : size
}

function numberWithin(value: unknown, least: number, most: number): number | undefined {
  const number = numberOf(value)
  return number !== undefined && number >= least && number <= most ? number : undefined
}

/** A number, the text of one, or an object that stands for one, as parsers make to keep all digits. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value === 'string') return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(value) ? Number(value) : undefined
  if (typeof value !== 'object' || value === null || typeof value.valueOf !== 'function') return undefined
  const inner: unknown = value.valueOf()
  return typeof inner === 'number' ? numberOf(inner) : undefined
}

function matching(value: unknown, form: RegExp, longest: number): string | undefined {
  return typeof value === 'string' && value.length <= longest && form.test(value) ? value : undefined
}

/** Until the year 2100: a larger number is no time in ms. */
const latest = Date.UTC(2100)

function time(value: unknown): number | undefined {
  const text = matching(value, /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d\d:\d\d)$/, 40)
  const ms = text === undefined ? numberWithin(value, 1, latest) : numberWithin(Date.parse(text), 1, latest)
  return ms === undefined ? undefined : Math.trunc(ms)
}
