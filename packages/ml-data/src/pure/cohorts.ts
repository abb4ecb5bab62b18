import type { ConsentLevel } from '@varai/privacy'
import { contents, type Data, type DataType, type Measure } from './columns.ts'

/** A row that waits for others, with what it would say if nobody else were to be protected. */
export type Waiting = {
  readonly id: string
  /** Keyed hash of the person. */
  readonly subject: string
  readonly measures: Readonly<Record<string, number>>
}

/** Rows of at least k people, one each, that will say exactly the same. */
export type Cohort = { readonly rows: readonly Waiting[]; readonly said: Data }

type Group = { readonly dataType: DataType; readonly level: ConsentLevel }

/**
 * Divides waiting rows of one group into cohorts of at least k people; empty while there are fewer. Rows are of one
 * cohort with those that are most like them: the widest measure is halved for as long as both halves have k. Of a
 * person one row takes part, the others stay for another time: in a cohort nobody weighs more than one in k.
 */
export function formCohorts(waiting: readonly Waiting[], k: number, group: Group): Cohort[] {
  const one = new Map(
    waiting.toSorted((row, other) => (row.id < other.id ? 1 : -1)).map((row) => [row.subject, row] as const),
  )
  if (one.size < k) return []
  const { measures } = contents[group.dataType]
  return halve([...one.values()], k, measures).map((rows) => ({ rows, said: said(rows, measures, group.level) }))
}

function halve(rows: readonly Waiting[], k: number, measures: readonly Measure[]): (readonly Waiting[])[] {
  const spans = measures
    .map((measure) => ({ measure, width: width(rows, measure) }))
    .filter(({ width }) => width > 0)
    .sort((one, other) => other.width - one.width)
  for (const { measure } of spans) {
    const sorted = rows.toSorted((one, other) => measured(one, measure) - measured(other, measure))
    const cut = cutOf(sorted, k, measure)
    if (cut !== undefined)
      return [...halve(sorted.slice(0, cut), k, measures), ...halve(sorted.slice(cut), k, measures)]
  }
  return [rows]
}

/** Nearest to the middle between two different values with k rows on both sides. */
function cutOf(sorted: readonly Waiting[], k: number, measure: Measure): number | undefined {
  const middle = sorted.length / 2
  let best: number | undefined
  for (let cut = k; cut <= sorted.length - k; cut += 1) {
    const [before, behind] = [sorted[cut - 1], sorted[cut]]
    if (before === undefined || behind === undefined || measured(before, measure) === measured(behind, measure))
      continue
    if (best === undefined || Math.abs(cut - middle) < Math.abs(best - middle)) best = cut
  }
  return best
}

const measured = ({ measures }: Waiting, { name }: Measure): number => measures[name] ?? 0

/** In bands, so that millimetres and seconds compare. */
function width(rows: readonly Waiting[], measure: Measure): number {
  const values = rows.map((row) => measured(row, measure))
  return (Math.max(...values) - Math.min(...values)) / measure.band
}

function said(rows: readonly Waiting[], measures: readonly Measure[], level: ConsentLevel): Data {
  const present = measures.filter(({ name }) => rows.every((row) => row.measures[name] !== undefined))
  const entries = present.flatMap((measure): [string, number][] => {
    const { name, band, step } = measure
    const values = rows.map((row) => measured(row, measure))
    if (level === 'research') {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      return [[name, Math.round(mean / step) * step]]
    }
    const from = Math.floor(Math.min(...values) / band) * band
    return [
      [`${name}From`, from],
      [`${name}To`, Math.max(from + band, Math.ceil(Math.max(...values) / band) * band)],
    ]
  })
  return Object.fromEntries(entries)
}
