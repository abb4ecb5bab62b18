import { hourStart } from '../count/hour.ts'
import { type Figures, plus, type RowKey } from '../count/row.ts'
import type { ReportName, ReportQuery } from './query.ts'

/** The figures of each report, in the order in which they are shown: counts, and amounts in the row's currency. */
const figuresOf = {
  sessions: {
    counts: ['totalSessions', 'completedSessions', 'conversions', 'durations', 'durationMs'],
    amounts: [],
  },
  funnel: { counts: ['sessions', 'analysed', 'recommended', 'clicked', 'triedOn', 'ordered'], amounts: [] },
  orders: { counts: ['orders', 'cancelled', 'withoutTotal'], amounts: ['grossTotal', 'netTotal'] },
  attributed: { counts: ['orders', 'cancelled', 'withoutTotal', 'units'], amounts: ['grossTotal', 'netTotal'] },
} as const satisfies Record<ReportName, { counts: readonly string[]; amounts: readonly string[] }>

export const countFigures = (report: ReportName): readonly string[] => figuresOf[report].counts
export const amountFigures = (report: ReportName): readonly string[] => figuresOf[report].amounts

/** Lines of a report: what they are of, then their figures. */
export type Line = Readonly<Record<string, string | number | null>>

/**
 * A report's lines of rows in the order of their hours; `next`: from where to ask on, in the zone, where the limit cut it
 * off. Lines without any figure are left out.
 */
export async function reportOf(
  query: ReportQuery,
  rows: AsyncIterable<{ key: RowKey; figures: Figures }>,
): Promise<{ lines: Line[]; next: string | null }> {
  const lines: Line[] = []
  let open = new Map<string, { of: Line; figures: Figures }>()
  let period: Period | undefined
  const close = () => {
    const closed = [...open].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, line]) => line)
    for (const { of, figures } of closed) {
      const line = lineOf(query.report, of, figures)
      if (line !== undefined) lines.push(line)
    }
    open = new Map()
  }
  for await (const { key, figures } of rows) {
    const next = periodOf(query, hourStart(key.hour))
    if (period !== undefined && next.label !== period.label) {
      close()
      if (lines.length >= query.limit) return { lines, next: next.label }
    }
    period = next
    const of = describe(query, key, next)
    const id = JSON.stringify(of)
    open.set(id, { of, figures: plus(open.get(id)?.figures ?? {}, figures) })
  }
  close()
  return { lines, next: null }
}

type Period = { label: string; start: string | null }

/** An hour that a clock has twice a year is one line: it has one name there. */
function periodOf({ grain, zone, from }: ReportQuery, ms: number): Period {
  if (grain === 'total') return { label: 'total', start: new Date(from).toISOString() }
  const label = (zone.hourAt(ms) ?? '').slice(0, grain === 'day' ? 10 : 13)
  const first = zone.instantOf(label.length === 10 ? `${label}-00` : label)
  return { label, start: new Date(first).toISOString() }
}

const describe = ({ report, by, dimension }: ReportQuery, key: RowKey, { label, start }: Period): Line => ({
  ...{ period: label, start },
  ...(by.includes('platform') && { platform: key.platform }),
  ...(by.includes('store') && { store: key.storeId }),
  ...(dimension !== 'all' && { value: key.value }),
  ...(figuresOf[report].amounts.length > 0 && { currency: key.currency || null }),
})

function lineOf(report: ReportName, of: Line, figures: Figures): Line | undefined {
  const { counts, amounts } = figuresOf[report]
  if (!Object.values(figures).some((value) => value !== 0 && value !== '0')) return undefined
  const all: Record<string, string | number | null> = { ...of }
  for (const name of counts) all[name] = figures[name] ?? 0
  for (const name of amounts) all[name] = figures[name] ?? '0'
  const { durations, durationMs } = all
  if (report === 'sessions')
    all['avgDuration'] =
      typeof durations === 'number' && typeof durationMs === 'number' && durations > 0
        ? durationMs / durations / 1_000
        : null
  return all
}

/** Names of a report's columns. */
export const columnsOf = ({ report, by, dimension }: Pick<ReportQuery, 'report' | 'by' | 'dimension'>): string[] => [
  ...['period', 'start', ...by],
  ...(dimension !== 'all' ? ['value'] : []),
  ...(figuresOf[report].amounts.length > 0 ? ['currency'] : []),
  ...[...figuresOf[report].counts, ...figuresOf[report].amounts],
  ...(report === 'sessions' ? ['avgDuration'] : []),
]

/** As CSV by RFC 4180, with a line of names first. What a spreadsheet would take for a formula is text. */
export const toCsv = (columns: readonly string[], lines: readonly Line[]): string =>
  [columns, ...lines.map((line) => columns.map((column) => line[column] ?? ''))]
    .map((cells) => `${cells.map(cellOf).join(',')}\r\n`)
    .join('')

function cellOf(value: string | number): string {
  const isFormula = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value)
  const text = `${isFormula ? "'" : ''}${value}`
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
