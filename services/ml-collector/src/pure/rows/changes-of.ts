import type { RowContent } from '@varai/ml-data/pure'
import { isLess, type Row, type RowsOf } from './rows-of.ts'

/** What is compared of a row that is kept. */
type Held = Pick<RowContent, 'entity' | 'level' | 'group' | 'measures' | 'subject'> & {
  readonly _id: string
  /** Somebody began to change it, and died. */
  readonly retiring?: true
}
/** A row as it is kept, without what became of it. */
export type Content = RowContent & { readonly _id: string }

export type Plan<H> = { readonly fresh: readonly Content[]; readonly changes: readonly Changed<H>[] }
type Changed<H> = {
  readonly held: H
  /** Undefined: it goes. */
  readonly row: Content | undefined
  readonly cause: string | undefined
}

/** What must happen so that the kept rows of some entities are the wanted ones. */
export function changesOf<H extends Held>(wanted: readonly RowsOf[], held: readonly H[]): Plan<H> {
  const rows = new Map(wanted.flatMap((of) => of.rows).map((row) => [row.id, row]))
  const goneBy = new Map(wanted.map((of) => [of.entity, of.goneBy]))
  const known = new Set(held.map(({ _id }) => _id))
  return {
    fresh: [...rows.values()].filter(({ id }) => !known.has(id)).map(contentOf),
    changes: held.flatMap((each): Changed<H>[] => {
      const row = rows.get(each._id)
      if (row === undefined) return [{ held: each, row, cause: goneBy.get(each.entity) }]
      if (isSame(row, each)) return []
      const lowered = isLess(row.level, each.level)
      return [{ held: each, row: contentOf(row), cause: lowered ? (row.cause ?? `level|${each.entity}`) : undefined }]
    }),
  }
}

const contentOf = ({ id: _id, cause: _, ...row }: Row): Content => ({ _id, ...row })

/** The group says everything but the measures. */
const isSame = (row: Row, held: Held): boolean =>
  row.group === held.group &&
  row.subject === held.subject &&
  held.retiring === undefined &&
  Object.entries(row.measures).every(([name, value]) => held.measures[name] === value)
