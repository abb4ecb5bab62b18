import { asked, type Expected } from './expected.ts'

type Line = Record<string, string | number | null>

/** All reports of a merchant as the API tells them, every hour of some days. */
export async function readReports(url: string, merchant: string, from: string, to: string): Promise<Expected> {
  const reports = await Promise.all(
    asked.map(async (name) => {
      const [report = '', dimension = 'all'] = name.split(' ')
      const lines = await linesOf(url, report, { merchant, from, to, dimension, limit: '500' })
      return [name, new Map(lines.map((line) => [nameOf(line), figuresOf(line)]))] as const
    }),
  )
  return Object.fromEntries(reports)
}

async function linesOf(url: string, report: string, query: Record<string, string>): Promise<Line[]> {
  const answer = await fetch(`${url}/api/v1/${report}?${new URLSearchParams(query)}`)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${report}: ${answer.status} ${text.slice(0, 300)}`)
  const { rows, next } = JSON.parse(text) as { rows: Line[]; next: string | null }
  return next === null ? rows : [...rows, ...(await linesOf(url, report, { ...query, from: next }))]
}

const names = ['period', 'platform', 'store', 'value', 'currency'] as const

const nameOf = (line: Line): string =>
  names
    .filter((name) => name in line)
    .map((name) => line[name])
    .join(' ')

const figuresOf = (line: Line): Record<string, number | string> =>
  Object.fromEntries(
    Object.entries(line).flatMap(([name, value]) =>
      [...names, 'start', 'avgDuration'].includes(name) || value === null ? [] : [[name, value]],
    ),
  )

export type Comparison = { lines: number; equal: number; first: string | undefined }

/** Line by line, figure by figure; what one side does not name is nothing. */
export function compareReports(expected: Expected, seen: Expected): Comparison {
  const differing: string[] = []
  let lines = 0
  for (const name of asked) {
    const [wanted, told] = [expected[name] ?? new Map(), seen[name] ?? new Map()]
    for (const key of new Set([...wanted.keys(), ...told.keys()])) {
      const [right, shown] = [plain(wanted.get(key)), plain(told.get(key))]
      if (right === '{}' && shown === '{}') continue
      lines += 1
      if (right !== shown) differing.push(`${name}: ${key}: ${shown}, not ${right}`)
    }
  }
  return { lines, equal: lines - differing.length, first: differing[0] }
}

function plain(figures: Record<string, number | string> = {}): string {
  const some = Object.entries(figures).filter(([, value]) => value !== 0 && value !== '0')
  return JSON.stringify(Object.fromEntries(some.sort(([one], [other]) => (one < other ? -1 : 1))))
}
