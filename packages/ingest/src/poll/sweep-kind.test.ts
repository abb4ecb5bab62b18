import { expect, test } from 'vitest'
import type { StoreFacts } from '../pure/index.ts'
import type { PollPage, Position } from './index.ts'
import { sweepKind } from './sweep-kind.ts'
import { storeOf } from './test-polls.ts'

const store = storeOf('https://one.example')
const signal = new AbortController().signal

/** Sweeps chunks of known ids of a store that shows some of them. */
function sweeping(chunks: readonly (readonly string[])[], shown: readonly string[], silent: readonly string[] = []) {
  const asked: { id: string; startedAt: number }[] = []
  let answers = 0
  const kind = sweepKind<StoreFacts>({
    ...{ name: 'gone-orders', everyMs: 1 },
    known: async (_, after) => chunks[chunks.findIndex((ids) => ids.at(-1) === after) + 1] ?? [],
    async shown(_, ids) {
      answers += 1
      const found = new Set(ids.filter((id) => shown.includes(id)))
      return { ids: found, answeredAt: 5_000 + answers, storeTime: 1_000 * answers }
    },
    async ask(_, id, startedAt) {
      asked.push({ id, startedAt })
      if (silent.includes(id)) return undefined
      return { id, at: undefined, document: { id }, translation: { ok: true, value: [], leftOut: [] } }
    },
  })
  const run = async (position?: Position) => {
    const pages: PollPage[] = []
    for await (const page of kind.read(store, { cursor: undefined, since: undefined, position, signal }))
      pages.push(page)
    return pages
  }
  return { run, asked }
}

test('what is known and not shown is asked about by itself; every tombstone has the time of the sweep’s start', async () => {
  const { run, asked } = sweeping([['1', '2'], ['3', '4'], ['5']], ['1', '4', '5'])
  const pages = await run()
  expect(asked).toEqual([
    { id: '2', startedAt: 1_000 },
    { id: '3', startedAt: 1_000 },
  ])
  expect(pages.map(({ entries }) => entries.map(({ id }) => id))).toEqual([['2'], ['3'], []])
  expect(pages.every(({ cursor }) => cursor === undefined)).toBe(true)
})

test('one that was interrupted goes on behind the last chunk, as of its own start', async () => {
  const { run, asked } = sweeping([['1'], ['2'], ['3']], [])
  expect(await run({ startedAt: 7, after: '2' })).toHaveLength(1)
  expect(asked).toEqual([{ id: '3', startedAt: 7 }])
})

test('of one the store says nothing about, nothing is said', async () => {
  const { run } = sweeping([['1', '2']], [], ['1'])
  expect((await run())[0]?.entries.map(({ id }) => id)).toEqual(['2'])
})

test('a store of which nothing is known is not asked', async () => {
  expect(await sweeping([], []).run()).toEqual([])
})
