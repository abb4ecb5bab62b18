import { NoAnswer } from '@varai/ingest'
import { type Cursor, later, type Position } from '@varai/ingest/poll'
import { read, readId } from '@varai/ingest/pure'
import { timeOf } from '../pure/store-time.ts'
import type { Listed } from '../rest-api/rest-api.ts'

export type Row = {
  readonly id: string
  /** When the store changed it, or made it where it was never changed; epoch ms. */
  readonly at: number | undefined
  readonly document: unknown
}

export type Rows = {
  /** In the order of their ids, none twice. */
  readonly rows: readonly Row[]
  readonly answeredAt: number
  /** When the reading began, by the store's own clock; undefined where nothing of it says so. */
  readonly begunAt: number | undefined
  readonly position: Position
  /** Of the last rows: everything that was changed up to then was read. */
  readonly cursor?: Cursor
}

/** The most that WooCommerce gives at once. */
const perPage = 100
/** More rows than a shop deletes while a hundred of them are read; whoever steps back further reads no list of ids. */
const mostStepsBack = 40
const disorder = 'the listing is not in the order of ids'

/**
 * Reads a listing whole, in the order of ids. Rows come and go while it is read, so pages are cut by offset and overlap by
 * a row: a page has to begin with one that is known, otherwise what moved forward is read again from further back. So no
 * row that stays in the listing is missed. What is changed while it is read may lie behind: the cursor is never later than
 * the reading's beginning. Rejects with NoAnswer.
 */
export async function* readById(of: {
  readonly ask: (query: Readonly<Record<string, string>>) => Promise<Listed>
  /** Where an earlier reading ended before its end. */
  readonly position?: Position | undefined
}): AsyncGenerator<Rows> {
  let reading = readingFrom(of.position)
  let before: string | undefined
  let stepsBack = 0
  for (;;) {
    const { offset, lastId } = reading
    const query = { per_page: String(perPage), offset: String(offset), order: 'asc', orderby: 'id' }
    const { documents, total, answeredAt, storeTime } = await of.ask(query)
    const all = documents.map(rowOf)
    // Whoever lists otherwise would hide rows from us.
    if (all.some(({ id }, at) => Number(id) < Number(all[at - 1]?.id ?? 0))) throw new NoAnswer(disorder)
    const first = all[0]
    if (offset > 0 && (first === undefined || Number(first.id) > lastId)) {
      stepsBack += 1
      if (stepsBack > mostStepsBack) throw new NoAnswer(disorder)
      reading = { ...reading, offset: Math.max(0, offset - perPage / 2) }
      continue
    }
    const rows = all.filter(({ id }) => Number(id) > lastId)
    const end = offset + all.length
    const isLast = total === undefined ? rows.length === 0 : end >= total
    if (!isLast && rows.length === 0 && first?.id === before) throw new NoAnswer('the listing does not move on')
    before = first?.id
    if (rows.length > 0) stepsBack = 0
    const newest = all.map(cursorOf).reduce(later, reading.newest)
    reading = {
      ...{ newest, begunAt: reading.begunAt ?? storeTime ?? newest?.at },
      ...{ lastId: Number(rows.at(-1)?.id ?? lastId), offset: Math.max(0, end - 1) },
    }
    const { begunAt } = reading
    const cursor = isLast ? earlier(newest, begunAt) : undefined
    yield { rows, answeredAt, begunAt, position: positionOf(reading), ...(cursor && { cursor }) }
    if (isLast) return
  }
}

type Reading = {
  readonly offset: number
  readonly lastId: number
  readonly begunAt: number | undefined
  readonly newest: Cursor | undefined
}

const numberIn = (position: Position | undefined, name: string): number | undefined => {
  const value = position?.[name]
  return typeof value === 'number' ? value : undefined
}

function readingFrom(position: Position | undefined): Reading {
  const [at, id] = [numberIn(position, 'newestAt'), position?.['newestId']]
  return {
    ...{ offset: numberIn(position, 'offset') ?? 0, lastId: numberIn(position, 'lastId') ?? 0 },
    ...{ begunAt: numberIn(position, 'begunAt'), newest: at === undefined ? undefined : { at, id: String(id) } },
  }
}

const positionOf = ({ offset, lastId, begunAt, newest }: Reading): Position => ({
  ...{ offset, lastId },
  ...(begunAt !== undefined && { begunAt }),
  ...(newest !== undefined && { newestAt: newest.at, newestId: newest.id }),
})

function rowOf(document: unknown): Row {
  const row = read(document)
  const id = row.readable('id', readId)
  if (id === undefined) throw new NoAnswer('a row of the listing has no id')
  return { id, at: timeOf(row, 'date_modified_gmt') ?? timeOf(row, 'date_created_gmt'), document }
}

const cursorOf = ({ id, at }: Row): Cursor | undefined => (at === undefined ? undefined : { at, id })

const earlier = (newest: Cursor | undefined, begunAt: number | undefined): Cursor | undefined =>
  newest !== undefined && begunAt !== undefined && begunAt < newest.at ? { at: begunAt, id: '' } : newest
