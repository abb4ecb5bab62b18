import { beganAt, touchedBy } from '../attribution/attribute.ts'
import { recordIn } from '../facts/links.ts'
import type { Attribute } from '../facts/product-fact.ts'
import type { SessionFact } from '../facts/session-fact.ts'
import { hourOf } from './hour.ts'
import { type Added, type Figures, rowId } from './row.ts'

/** What is known of frames, by the products' records. */
export type Frames = ReadonlyMap<string, Partial<Record<Attribute, string>>>
/** What is known of an order that a session led to. */
export type LedTo = { algorithms: readonly string[]; products: readonly string[] }

type Stage = 'recommended' | 'clicked' | 'triedOn' | 'ordered'

/** So many values of one dimension a session counts for, the first ones by their text. */
const mostValues = 40

/** What a session adds, all of it to the hour in which it was first spoken of. */
export function countSession(session: SessionFact, ledTo: readonly LedTo[], frames: Frames): Added[] {
  const began = beganAt(session)
  if (began === undefined) return []
  const { merchantId, platform, storeId } = session
  const key = { merchantId, platform, hour: hourOf(began), dimension: 'all', value: '', currency: '' }
  const row = (dimension: string, value: string) => rowId({ ...key, type: 'funnel', storeId, dimension, value })
  return [
    { row: rowId({ ...key, type: 'ai_sessions', storeId: '' }), add: sessionFigures(session) },
    { row: row('all', ''), add: funnelOf(session, ledTo) },
    ...[...stagesByValue(session, ledTo, frames)].flatMap(([dimension, values]) =>
      [...values]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .slice(0, mostValues)
        .map(([value, stages]) => ({ row: row(dimension, value), add: { sessions: 1, ...figuresOf(stages) } })),
    ),
  ]
}

function sessionFigures(session: SessionFact): Figures {
  const { completedAt, conversionResult } = session.stated
  const durationMs = durationOf(session)
  return {
    totalSessions: 1,
    completedSessions: completedAt?.value == null ? 0 : 1,
    conversions: conversionResult?.value === 'purchased' ? 1 : 0,
    ...(durationMs !== undefined && { durations: 1, durationMs }),
  }
}

/** From its times where both are known, else as it was stated; whole ms. Undefined unless known. */
function durationOf({ stated }: SessionFact): number | undefined {
  const [from, to] = [stated.startedAt?.value, stated.completedAt?.value]
  if (typeof from === 'number' && typeof to === 'number' && to >= from) return to - from
  const ms = Math.round((stated.durationSeconds?.value ?? Number.NaN) * 1_000)
  // longer than a year is no session, and sums of more would not be exact
  return ms >= 0 && ms <= 31_536_000_000 ? ms : undefined
}

const funnelOf = (session: SessionFact, ledTo: readonly LedTo[]): Figures => ({
  sessions: 1,
  analysed: session.analysed ? 1 : 0,
  recommended: session.recommendations.length > 0 ? 1 : 0,
  clicked: session.clicked ? 1 : 0,
  triedOn: session.triedOn ? 1 : 0,
  ordered: ledTo.length > 0 ? 1 : 0,
})

const figuresOf = (stages: ReadonlySet<Stage>): Figures => Object.fromEntries([...stages].map((stage) => [stage, 1]))

/** Which stages a session reached with what: by algorithm, and by each attribute of frames. */
function stagesByValue(session: SessionFact, ledTo: readonly LedTo[], frames: Frames) {
  const reached = new Map<string, Map<string, Set<Stage>>>()
  const reach = (stage: Stage, dimension: string, value: string) => {
    const values = reached.get(dimension) ?? new Map<string, Set<Stage>>()
    reached.set(dimension, values.set(value, (values.get(value) ?? new Set()).add(stage)))
  }
  const reachFrame = (stage: Stage, product: string | undefined) => {
    for (const [attribute, value] of Object.entries(frames.get(product ?? '') ?? {})) reach(stage, attribute, value)
  }
  for (const { value } of session.recommendations) {
    if (value.algorithm !== null) reach('recommended', 'algorithm', value.algorithm)
    for (const { productId } of value.items) reachFrame('recommended', recordIn(session, productId))
  }
  for (const { value: touch } of session.touches) {
    const stage = touch.what === 'click' ? 'clicked' : 'triedOn'
    const of = touchedBy(session, touch)
    for (const { value } of of) if (value.algorithm !== null) reach(stage, 'algorithm', value.algorithm)
    const items = of.flatMap(({ value }) => value.items)
    const productId = touch.productId ?? items.find(({ id }) => id === touch.recommendationId)?.productId ?? null
    reachFrame(stage, recordIn(session, productId))
  }
  for (const { algorithms, products } of ledTo) {
    for (const algorithm of algorithms) reach('ordered', 'algorithm', algorithm)
    for (const product of products) reachFrame('ordered', product)
  }
  return reached
}
