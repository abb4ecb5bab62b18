import { cpus, loadavg, totalmem } from 'node:os'
import type { Result } from './harness.ts'

export type Goal = { readonly what: string; readonly seen: number; readonly unit?: string } & (
  | { readonly atLeast: number }
  | { readonly below: number }
  | { readonly atMost: number }
)

/** Rows for people; the first column names them, the others hold figures. */
export type Table = {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** What a bench found out. */
export type Findings = {
  readonly tables: readonly Table[]
  readonly goals: readonly Goal[]
  /** What a reader must know to judge the figures. */
  readonly notes: readonly string[]
  /** Every round, for the JSON. */
  readonly measured: unknown
}

export type Report = Findings & {
  readonly bench: string
  readonly at: string
  readonly command: string
  readonly machine: {
    readonly cpu: string
    readonly cores: number
    readonly memoryGiB: number
    readonly node: string
    readonly platform: string
    /** Processes that wanted a core in the minute before the start: what else the machine was doing. */
    readonly loadBefore: number
  }
}

/** Everything a reader needs to repeat and to doubt a result. Call it before the bench loads the machine. */
export function describeRun(bench: string, command: string): Omit<Report, keyof Findings> {
  const [cpu] = cpus()
  const machine = {
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    loadBefore: loadavg()[0] ?? 0,
  }
  return { bench, at: new Date().toISOString(), command, machine }
}

/** Medians of contestants side by side, each also as a multiple of `base`'s speed. */
export function speedTable(title: string, results: readonly Result[], base: string): Table {
  const of = results.find(({ name }) => name === base)?.median.eventsPerSecond ?? Number.NaN
  const number = (value: number | undefined, digits = 0) => (value === undefined ? '–' : value.toFixed(digits))
  return {
    title,
    head: ['', 'events/s', `× ${base}`, 'CPU µs/event', 'p50 ms', 'p99 ms', 'peak MiB'],
    rows: results.map(({ name, median }) => [
      name,
      number(median.eventsPerSecond),
      number(median.eventsPerSecond / of, 2),
      number(median.cpuMicrosPerEvent),
      number(median.p50Ms, 1),
      number(median.p99Ms, 1),
      number(median.peakRssMiB),
    ]),
  }
}

export function isMet(goal: Goal): boolean {
  if ('atLeast' in goal) return goal.seen >= goal.atLeast
  return 'atMost' in goal ? goal.seen <= goal.atMost : goal.seen < goal.below
}

/** The report as a section of bench/RESULTS.md. */
export function toMarkdown({ bench, at, command, machine, tables, goals, notes }: Report): string {
  return [
    `## ${bench}, ${at.slice(0, 10)}`,
    '',
    `\`${command}\` on ${machine.cores} cores of ${machine.cpu}, ${machine.memoryGiB} GiB, Node ${machine.node}, ${machine.platform}; load before the start ${machine.loadBefore.toFixed(1)}.`,
    '',
    ...tables.flatMap((table) => [`### ${table.title}`, '', ...tableLines(table), '']),
    ...goals.map(goalLine),
    ...(goals.length > 0 ? [''] : []),
    ...notes.map((note) => `- ${note}`),
    '',
  ].join('\n')
}

const tableLines = ({ head, rows }: Table): string[] => [
  row(head),
  row(head.map((_, column) => (column === 0 ? '---' : '---:'))),
  ...rows.map(row),
]
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function goalLine(goal: Goal): string {
  const bound = 'atLeast' in goal ? `≥ ${goal.atLeast}` : 'atMost' in goal ? `≤ ${goal.atMost}` : `< ${goal.below}`
  const unit = goal.unit ?? ''
  return `- ${goal.what}: **${goal.seen.toFixed(2)}${unit}** (goal ${bound}${unit}: ${isMet(goal) ? 'met' : 'not met'})`
}
