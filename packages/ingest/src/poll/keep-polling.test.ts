import { afterEach, expect, test, vi } from 'vitest'
import type { StoreFacts } from '../pure/index.ts'
import { NoAnswer } from '../store-api/get.ts'
import type { PollFrom, PollKind, PollPage } from './index.ts'
import { type Document, memoryLeases, pageOf, startPolling, storeOf } from './test-polls.ts'

let time = 1_000_000_000_000
const now = () => time
const running: { stop: () => Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()))
})

const at = Date.UTC(2026, 0, 1)
const document = (id: string, after = 0, note = 'as it is'): Document => ({ id, at: at + after, note })

/** A kind that answers with these pages, a new list for each pass, and notes where each pass began. */
function answering(passes: () => AsyncIterable<PollPage> | Iterable<PollPage>) {
  const from: Omit<PollFrom, 'signal'>[] = []
  const stores: string[] = []
  const kind: PollKind<StoreFacts> = {
    name: 'orders',
    async *read(store, { signal: _, ...rest }) {
      from.push(rest)
      stores.push(store.id)
      yield* passes()
    },
  }
  return { kind, from, stores }
}

function start(kind: PollKind<StoreFacts>, more: Partial<Parameters<typeof startPolling>[0]> = {}) {
  const { leases, held } = memoryLeases(now)
  const started = startPolling({ leases, kinds: [kind], now, ...more })
  running.push(started)
  const stateOf = (store = 'https://one.example') => held.get(`m1|woocommerce|${store}|orders`)
  return { ...started, leases, held, stateOf }
}

test('what a page says is published before the next is asked for, and the next pass begins before where it ended', async () => {
  const order: string[] = []
  const { kind, from } = answering(function* () {
    order.push('asked')
    yield pageOf([document('1'), document('2', 1_000)])
    order.push('asked')
    yield pageOf([document('3', 30_000)])
  })
  const { publisher, eventIds, stateOf } = start(kind)
  publisher.acts(async () => void order.push('published'))
  await expect.poll(() => stateOf()?.dueAt).toBe(time + 60_000)
  expect(order).toEqual(['asked', 'published', 'published', 'asked', 'published'])
  expect(eventIds()[2]).toBe(`woocommerce|https://one.example|orders|3|${at + 30_000}|0`)
  expect(publisher.published[0]?.value).toMatchObject({
    origin: 'poll',
    triggeredAt: 2_000_000_000_000,
    platformAt: at,
  })
  expect(from).toEqual([{ cursor: undefined, since: undefined, position: undefined }])
  time += 60_000
  await expect
    .poll(() => from[1])
    .toEqual({
      ...{ cursor: { at: at + 30_000, id: '3' }, since: at + 20_000, position: undefined },
    })
})

test('of what the overlap shows again only what says something else is published', async () => {
  let shown = [document('1'), document('2', 1_000)]
  const { kind, from } = answering(function* () {
    yield pageOf(shown)
  })
  const { eventIds } = start(kind)
  await expect.poll(() => eventIds().length).toBe(2)
  // Within the same second, by the store's clock.
  shown = [document('1', 0, 'other'), document('2', 1_000)]
  time += 60_000
  await expect.poll(() => eventIds().length).toBe(3)
  time += 60_000
  await expect.poll(() => from.length).toBe(3)
  expect(eventIds()[2]).toBe(eventIds()[0])
  expect(eventIds()).toHaveLength(3)
})

test('when Kafka is away the cursor stays, and the page is told again', async () => {
  const { kind, from } = answering(function* () {
    yield pageOf([document('1')])
    yield pageOf([document('2', 1_000)])
  })
  const { publisher, stateOf, eventIds } = start(kind)
  publisher.acts(() => Promise.reject(new Error('no broker')))
  await expect.poll(() => stateOf()?.state).toMatchObject({ failures: 1, problem: 'no broker', told: [] })
  expect(stateOf()?.state).not.toHaveProperty('cursor')
  publisher.acts(async () => undefined)
  time += 60_000
  await expect.poll(eventIds).toHaveLength(2)
  expect(from[1]).toMatchObject({ cursor: undefined })
})

test('a pass that is interrupted goes on after the last page that was told', async () => {
  const { kind, from } = answering(async function* () {
    yield pageOf([document('1')], { position: { page: 1 } })
    if (from.length === 1) throw new NoAnswer('503')
    yield pageOf([document('2')])
  })
  const { stateOf } = start(kind)
  await expect.poll(() => stateOf()?.state).toMatchObject({ position: { page: 1 }, problem: '503' })
  time += 60_000
  await expect.poll(() => from[1]?.position).toEqual({ page: 1 })
  await expect.poll(() => stateOf()?.state).not.toHaveProperty('position')
  expect(stateOf()?.state).not.toHaveProperty('problem')
})

test('a store that fails waits as long as it wants and holds up no other; who is behind is noted, with why', async () => {
  const failing = storeOf('https://failing.example')
  const { kind, stores } = answering(async function* () {
    if (stores.at(-1) === failing.id) throw new NoAnswer('429', 3_600_000)
    yield pageOf([document('1')])
  })
  const { stateOf, polling, eventIds, metrics } = start(kind, { stores: [failing, storeOf('https://one.example')] })
  await expect.poll(() => stateOf(failing.id)?.dueAt).toBe(time + 3_600_000)
  await expect.poll(eventIds).toHaveLength(1)
  expect(polling.check()).toBe('1 polls are behind: orders of https://failing.example, last never: 429')
  time += 600_000
  await expect.poll(() => stores.filter((store) => store !== failing.id).length).toBe(2)
  expect(stores.filter((store) => store === failing.id)).toHaveLength(1)
  const { text } = await metrics.render()
  expect(text).toContain('varai_ingest_test_poll_lag_seconds{store="https://failing.example",kind="orders"')
  expect(text).toMatch(/varai_ingest_test_polls_total\{kind="orders",outcome="failed".*\} 1/)
})

test('what cannot be understood goes to the dead letters, once, and the rest goes on', async () => {
  const { kind, from } = answering(function* () {
    yield pageOf([document('1', 0, 'bad'), document('2', 1_000)])
  })
  const { publisher, eventIds } = start(kind)
  await expect.poll(() => publisher.raw.length).toBe(1)
  await expect.poll(eventIds).toHaveLength(1)
  expect(publisher.raw[0]?.topic).toBe('varai.dead-letters')
  expect(String(publisher.raw[0]?.bytes)).toBe(JSON.stringify(document('1', 0, 'bad')))
  for (const pass of [2, 3]) {
    time += 60_000
    await expect.poll(() => from.length).toBe(pass)
  }
  expect(publisher.raw).toHaveLength(1)
})

test('told to stop in the middle of a page that takes its time: the lease is given back at once, to go on there', async () => {
  const kind: PollKind<StoreFacts> = {
    name: 'orders',
    async *read(_, { signal }) {
      yield pageOf([document('1')], { position: { page: 1 } })
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    },
  }
  const { stop, stateOf } = start(kind)
  await expect.poll(() => stateOf()?.state).toMatchObject({ position: { page: 1 } })
  await stop()
  expect(stateOf()).toMatchObject({ until: 0, dueAt: time, state: { position: { page: 1 }, failures: 0 } })
})

test('who lost its lease while it read saves nothing and reads no further', async () => {
  const proceed = Promise.withResolvers<void>()
  const asked = vi.fn()
  const { kind } = answering(async function* () {
    yield pageOf([document('1')])
    await proceed.promise
    yield pageOf([document('2', 5_000)])
    asked()
  })
  const { held, stateOf, lines } = start(kind)
  await expect.poll(() => stateOf()?.state).toBeDefined()
  const [id = ''] = held.keys()
  held.set(id, { token: 9, until: time + 60_000, dueAt: 0, state: { cursor: { at: 7, id: '7' } } })
  proceed.resolve()
  await expect.poll(() => lines.some((line) => line.includes('poll.lost'))).toBe(true)
  expect(asked).not.toHaveBeenCalled()
  expect(stateOf()).toEqual({ token: 9, until: time + 60_000, dueAt: 0, state: { cursor: { at: 7, id: '7' } } })
})
