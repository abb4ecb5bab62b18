/** What an event says, as the collector takes it. */
export type EventData = Readonly<Record<string, unknown>>
/** The value as it may leave the page; undefined when it may not. */
type Form = (value: unknown) => unknown
type ObjectForm = (given: unknown) => EventData | undefined

export const iso = (ms: number): string => new Date(ms).toISOString()

const matching =
  (form: RegExp): Form =>
  (value) =>
    typeof value === 'string' && form.test(value) ? value : undefined
/** A few words: neither JSON nor a list of numbers nor an image finds room in it. */
const words = matching(/^[\p{L}\p{N} ._:/+#-]{1,64}$/u)
const proof = matching(/^(?!.*, ?\d)[\p{L}\p{N} ._:/+#,()-]{1,200}$/u)
/** Ids of shops are numbers, words or addresses (gid://…). */
export const idOf = (value: unknown): string | undefined => {
  const text = typeof value === 'number' ? `${value}` : value
  return typeof text === 'string' && /^[\w.:/=+#~-]{1,128}$/.test(text) ? text : undefined
}
const within =
  (most: number): Form =>
  (value) =>
    typeof value === 'number' && value >= 0 && value <= most ? value : undefined
const whole: Form = (value) => (Number.isSafeInteger(value) ? within(1e9)(value) : undefined)
const millimetres = within(500)
const time: Form = (value) => {
  const ms = typeof value === 'string' ? Date.parse(value) : value
  return typeof ms === 'number' && ms >= 1 && ms < 4e12 ? iso(ms) : undefined
}

/** An object of which only these fields are kept, each in its form. Undefined when nothing is left. */
const fields =
  (forms: Readonly<Record<string, Form>>): ObjectForm =>
  (given) => {
    const kept: Record<string, unknown> = {}
    for (const [name, form] of Object.entries(forms)) {
      const value = form(Object(given)[name])
      if (value !== undefined) kept[name] = value
    }
    return Object.keys(kept).length > 0 ? kept : undefined
  }

const allWords = (names: string): Form => fields(Object.fromEntries(names.split(' ').map((name) => [name, words])))
const ids: Form = (given) => (Array.isArray(given) ? given.map(idOf).filter(Boolean).slice(0, 50) : undefined)

/** No landmarks, embeddings or images: they have no place to stand in. */
const analysis = fields({
  faceShape: matching(/^\p{L}+([ _-]\p{L}+)?$/u),
  measurements: fields({ pupillaryDistance: millimetres, faceWidth: millimetres, faceHeight: millimetres }),
  confidence: within(1),
  timestamp: time,
  region: matching(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,3})?$/),
  consentLevel: matching(/^(basic|enhanced|research)$/),
})

const interaction = fields({
  productId: idOf,
  variantId: idOf,
  sku: idOf,
  recommendationId: idOf,
  durationMs: whole,
  properties: allWords('camera list position surface frameColor frameShape result experiment'),
})
const session = fields({
  locale: words,
  outcome: words,
  conversionResult: words,
  recommendationIds: ids,
  faceAnalysis: analysis,
  metadata: allWords('device os browser viewport language theme channel assistant model experiment variant campaign'),
})

/** A map: of a plain object a page could ask for what every object has. */
const forms: ReadonlyMap<string, ObjectForm> = new Map([
  ['product_viewed', interaction],
  ['product_clicked', interaction],
  ['recommendation_clicked', interaction],
  ['virtual_try_on_started', interaction],
  ['ai_session_started', session],
  ['ai_session_completed', session],
  ['face_analysis_completed', fields({ analysisId: idOf, analysis })],
  ['consent_changed', fields({ proof })],
])

/**
 * What may leave the page of what a page says of an event: an allow-list of names and of the form of each value, nested
 * too. Undefined for events that pages do not state.
 */
export const dataOf = (event: string, given: unknown): EventData | undefined => {
  const form = forms.get(event)
  return form && { ...form(given) }
}
