import { errorText } from '@varai/runtime'
import { printable } from '../pure/printable.ts'
import { type Column, tableLines } from '../pure/table.ts'
import { Refusal } from '../refusal.ts'
import type { Terminal } from '../terminal.ts'

/** The parameters of the API of reports, as they were given; it knows best which are good. */
export type ReportWords = {
  readonly from: string
  readonly to: string
  readonly timezone?: string
  readonly merchant?: string
  readonly platform?: string
  readonly store?: string
  readonly currency?: string
}

/** Orders by store and day, from the reporting service: a table for people, or its own JSON or CSV. */
export async function reportOrders(
  terminal: Terminal,
  reporting: string,
  options: { words: ReportWords; format: 'table' | 'json' | 'csv' },
): Promise<0> {
  const { format, words } = options
  const url = new URL('reports/orders', `${reporting.replace(/\/+$/, '')}/`)
  for (const [name, word] of Object.entries(words)) if (word !== undefined) url.searchParams.set(name, word)
  url.searchParams.set('format', format === 'csv' ? 'csv' : 'json')
  const text = await ask(url, terminal.stop)
  // a line ends the way the report ends its lines
  if (format !== 'table') await terminal.print(text.replace(/\n$/, ''))
  else for (const line of linesOf(JSON.parse(text))) await terminal.print(line)
  return 0
}

async function ask(url: URL, stop: AbortSignal): Promise<string> {
  const answer = await fetch(url, { signal: stop }).catch((error: unknown) => {
    throw new Refusal(`the reporting service does not answer at ${url.origin}: ${errorText(error)}`)
  })
  const text = await answer.text()
  if (answer.ok) return text
  const { error, problems = [] } = refusalIn(text)
  const named = problems.map(({ parameter, problem }) => `--${parameter}: ${problem}`)
  throw new Refusal([`${error ?? answer.status}`, ...named].join('\n  '), answer.status === 400 ? 2 : 1)
}

type Refused = { error?: string; problems?: { parameter: string; problem: string }[] }

function refusalIn(text: string): Refused {
  try {
    const refused: Refused = JSON.parse(text)
    return refused
  } catch {
    return {}
  }
}

type Row = Readonly<Record<string, string | number | null>>

const names = ['day', 'merchant', 'platform', 'store', 'currency'] as const
const counts = ['orders', 'cancelled', 'refunded', 'gross', 'refunds', 'net', 'taxes', 'discounts', 'shipping'] as const

function linesOf({ rows, undated }: { rows: readonly Row[]; undated: number }): string[] {
  const columns: Column[] = [
    ...names.map((name) => ({ title: name.toUpperCase() })),
    ...counts.map((name) => ({ title: name.toUpperCase(), align: 'right' as const })),
  ]
  const cells = rows.map((row) => [...names, ...counts].map((name) => printable(String(row[name] ?? '–'))))
  const rest = undated === 0 ? [] : [`and ${undated} orders of which nobody said yet when they were placed`]
  return [...tableLines(columns, cells), ...rest]
}
