import type { columnsOf, DataType } from './columns.ts'
import type { ExportRow } from './export-row.ts'

export type Tally = Record<string, number>
/** What is counted of one type while its rows are written. */
export type Counts = {
  rows: number
  readonly byLevel: Tally
  readonly bySplit: Tally
  readonly byPlatform: Tally
  readonly byWeek: Tally
}

export const noCounts = (): Counts => ({ rows: 0, byLevel: {}, bySplit: {}, byPlatform: {}, byWeek: {} })

export function countRow(counts: Counts, row: ExportRow): void {
  counts.rows += 1
  count(counts.byLevel, row['consentLevel'])
  count(counts.bySplit, row['split'])
  count(counts.byPlatform, row['platform'])
  count(counts.byWeek, row['week'])
}

function count(tally: Tally, word: unknown): void {
  const name = String(word)
  tally[name] = (tally[name] ?? 0) + 1
}

export function addCounts(one: Counts, other: Counts): Counts {
  const sum = (name: 'byLevel' | 'bySplit' | 'byPlatform' | 'byWeek'): Tally =>
    Object.fromEntries(
      [...new Set([...Object.keys(one[name]), ...Object.keys(other[name])])].map((word) => [
        word,
        (one[name][word] ?? 0) + (other[name][word] ?? 0),
      ]),
    )
  return {
    rows: one.rows + other.rows,
    ...{ byLevel: sum('byLevel'), bySplit: sum('bySplit'), byPlatform: sum('byPlatform'), byWeek: sum('byWeek') },
  }
}

export type TypeCard = Counts & {
  readonly dataType: DataType
  /** Rows that wait, because fewer than k people are like them; not in the export. */
  readonly waiting: number
  /** Rows held back because of the people that they were released with fewer than k are left. */
  readonly withheld: number
  readonly columns: ReturnType<typeof columnsOf>
}

export type DataCard = {
  readonly export: string
  readonly madeAt: string
  /** Weeks that begin on or after the one and before the other. */
  readonly from: string
  readonly to: string
  /** Everything that a row says is said by rows of so many people at least. */
  readonly k: number
  readonly types: readonly TypeCard[]
  readonly knownGaps: readonly string[]
}

export const knownGaps = [
  'What is unusual is missing: rows wait until k people say the same, and rare shapes, regions and outcomes never get there.',
  'Numbers are those of a cohort of k people or more: a band at enhanced, a mean at research. Sums over rows are near the truth, spreads are too small.',
  'People who withdrew are missing, also from the past; those who never chose more than basic have a face shape and an outcome only.',
  'A person who never says who they are counts once a session, and may be in several sets.',
  'Rows of one person cannot be joined, across types or in one.',
  'Whoever compares exports made at different times sees which rows came or went in between.',
] as const

/** The card as people read it. */
export function cardText({ export: id, madeAt, from, to, k, types, knownGaps: gaps }: DataCard): string {
  const tally = (counts: Tally): string =>
    Object.entries(counts)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([word, rows]) => `${word} ${rows}`)
      .join(', ') || 'none'
  const sections = types.map((type) =>
    [
      `## ${type.dataType}: ${type.rows} rows`,
      '',
      `- consent: ${tally(type.byLevel)}`,
      `- sets: ${tally(type.bySplit)}`,
      `- platforms: ${tally(type.byPlatform)}`,
      `- weeks: ${tally(type.byWeek)}`,
      `- not in it: ${type.waiting} rows that wait for others like them, ${type.withheld} whose cohort has fewer than ${k} people left`,
      '',
      '| column | type | null | |',
      '| --- | --- | --- | --- |',
      ...type.columns.map(
        ({ name, type: kind, nullable, doc }) =>
          `| \`${name}\` | ${kind.toLowerCase()} | ${nullable ? 'yes' : 'no'} | ${doc} |`,
      ),
    ].join('\n'),
  )
  return `${[
    `# Training data ${id}`,
    `Made ${madeAt}, of weeks that begin from ${from} on and before ${to}. k = ${k}: what a row says, rows of ${k} people or more say.`,
    ...sections,
    `## Known gaps\n\n${gaps.map((gap) => `- ${gap}`).join('\n')}`,
  ].join('\n\n')}\n`
}
