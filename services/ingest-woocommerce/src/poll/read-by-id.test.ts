import { fc, test as property } from '@fast-check/vitest'
import type { Position } from '@varai/ingest/poll'
import { expect, test } from 'vitest'
import type { Listed } from '../rest-api/rest-api.ts'
import { bodyOf } from '../test-statements.ts'
import { type Rows, readById } from './read-by-id.ts'

type Stored = { id: number; date_modified_gmt: string }
const begin = Date.UTC(2026, 0, 1)
const gmt = (at: number) => new Date(at).toISOString().slice(0, 19)
const row = (id: number, at = begin): Stored => ({ id, date_modified_gmt: gmt(at) })

/** A listing that changes by `between` before each answer but the first. */
function shop(rows: Stored[], options: { between?: (answers: number) => void; total?: boolean; date?: number } = {}) {
  let answers = 0
  return async (query: Readonly<Record<string, string>>): Promise<Listed> => {
    if (answers > 0) options.between?.(answers)
    answers += 1
    const [offset, perPage] = [Number(query['offset']), Number(query['per_page'])]
    const sorted = rows.toSorted((one, other) => one.id - other.id)
    return {
      documents: sorted.slice(offset, offset + perPage).map(bodyOf),
      total: options.total === false ? undefined : sorted.length,
      ...{ answeredAt: begin, storeTime: options.date },
    }
  }
}

async function readAll(ask: ReturnType<typeof shop>, position?: Position): Promise<Rows[]> {
  const pages: Rows[] = []
  for await (const page of readById({ ask, position })) pages.push(page)
  return pages
}
const idsOf = (pages: readonly Rows[]) => pages.flatMap(({ rows }) => rows.map(({ id }) => Number(id)))
const many = (count: number) => Array.from({ length: count }, (_, n) => row(10 + 3 * n))

test.each([0, 1, 99, 100, 101, 250])('all of %d rows, once, with the number of rows given or not', async (count) => {
  const rows = many(count)
  const ids = rows.map(({ id }) => id)
  expect(idsOf(await readAll(shop(rows)))).toEqual(ids)
  expect(idsOf(await readAll(shop(rows, { total: false })))).toEqual(ids)
})

const change = fc.array(fc.record({ removes: fc.boolean(), at: fc.nat(400) }), { maxLength: 60 })
property.prop([fc.integer({ min: 150, max: 400 }), fc.array(change, { minLength: 1, maxLength: 12 }), fc.boolean()], {
  numRuns: 60,
})(
  'whatever comes and goes between two pages, what stays is read, and nothing twice',
  async (count, changes, total) => {
    const rows = many(count)
    const stayed = new Set(rows.map(({ id }) => id))
    const between = (answers: number) => {
      for (const { removes, at } of changes[answers - 1] ?? []) {
        const index = at % Math.max(1, rows.length)
        if (removes) for (const { id } of rows.splice(index, 1)) stayed.delete(id)
        else if (!rows.some(({ id }) => id === 3 * at + 11)) rows.push(row(3 * at + 11))
      }
    }
    const ids = idsOf(await readAll(shop(rows, { between, total })))
    expect([...stayed].filter((id) => !ids.includes(id))).toEqual([])
    expect(new Set(ids).size).toBe(ids.length)
  },
)

test('a reading that was interrupted goes on behind what it told, with its own beginning', async () => {
  const rows = many(250)
  const [first] = await readAll(shop(rows, { date: begin + 5_000 }))
  const rest = await readAll(shop(rows, { date: begin + 900_000 }), first?.position)
  expect(idsOf(rest)).toEqual(rows.slice(100).map(({ id }) => id))
  expect(rest.at(-1)?.begunAt).toBe(begin + 5_000)
})

test.each([
  ['the newest row, when the store had no newer time', begin + 900_000, { at: begin + 60_000, id: '13' }],
  ['the beginning, when something was changed during the reading', begin + 30_000, { at: begin + 30_000, id: '' }],
  ['the newest row of all, where the host does not say its time', undefined, { at: begin + 60_000, id: '13' }],
])('the cursor is %s', async (_, date, cursor) => {
  const rows = [row(10), row(13, begin + 60_000), row(16)]
  expect((await readAll(shop(rows, date === undefined ? {} : { date }))).at(-1)?.cursor).toEqual(cursor)
})

test('without the host’s time the first page bounds the cursor', async () => {
  const rows = many(150)
  const pages = await readAll(shop(rows, { between: () => rows.push(row(9_999, begin + 3_600_000)) }))
  expect(pages.at(-1)?.cursor).toEqual({ at: begin, id: '' })
  expect(pages.slice(0, -1).every(({ cursor }) => cursor === undefined)).toBe(true)
})

test('a host that ignores offsets, or the order, is not read for ever', async () => {
  const rows = many(300)
  const first = shop(rows)
  await expect(readAll(() => first({ offset: '0', per_page: '100' }))).rejects.toThrow('does not move on')
  const backwards: ReturnType<typeof shop> = async ({ offset, per_page }) => ({
    documents: rows
      .toReversed()
      .slice(Number(offset), Number(offset) + Number(per_page))
      .map(bodyOf),
    ...{ total: 300, answeredAt: begin, storeTime: begin },
  })
  await expect(readAll(backwards)).rejects.toThrow('not in the order of ids')
})
