export type Column = { title: string; align?: 'left' | 'right' }

/** Lines of a table: titles, then rows, columns two spaces apart and as wide as their widest cell. Not cut. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ title }, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, at) => {
        const [cell = '', width = 0] = [cells[at], widths[at]]
        return align === 'right' ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  return [line(columns.map(({ title }) => title)), ...rows.map(line)]
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const

/** A duration in its largest whole unit: `30 d`, `90 min`; `for ever` for a negative one, as brokers mean it. */
export function duration(ms: number): string {
  if (ms < 0) return 'for ever'
  const [unit, size] = units.find(([, each]) => ms >= each && ms % each === 0) ?? ['ms', 1]
  return `${ms / size} ${unit}`
}

/** A count with its thousands apart: `12 500`. */
export const grouped = (count: number | bigint): string => String(count).replace(/\B(?=(\d{3})+$)/g, ' ')
