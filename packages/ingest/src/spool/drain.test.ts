import { createLog } from '@varai/runtime'
import { afterEach, expect, test, vi } from 'vitest'
import { type Draining, drain, type Worked } from './drain.ts'
import type { Entry, Spool } from './spool.ts'

const log = createLog({ service: 'test', level: 'fatal', destination: { write: () => undefined } })
const pauses = { first: 1, longest: 4, longestOutage: 2 }
const started: Draining[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.stop()))
})

/** A spool in memory: texts by key. `gone` are those that the disk does not give back. */
function memorySpool(texts: Record<string, readonly string[]> = {}, gone: readonly string[] = []) {
  const queues = new Map(Object.entries(texts).map(([key, list]) => [key, [...list]]))
  const listeners: ((key: string) => void)[] = []
  const lost: string[] = []
  const spool = {
    lost,
    add(key: string, text: string) {
      const queue = queues.get(key) ?? []
      queues.set(key, [...queue, text])
      if (queue.length === 0) for (const listener of listeners) listener(key)
    },
    holds: (key: string) => queues.has(key),
    keys: () => [...queues.keys()],
    head: (key: string) => {
      const text = queues.get(key)?.[0]
      return text === undefined ? undefined : ({ key, text, segment: {} } as unknown as Entry)
    },
    onWaiting: (listener: (key: string) => void) => void listeners.push(listener),
    read: async (entry: Entry) => {
      const { text } = entry as unknown as { text: string }
      return gone.includes(text) ? undefined : Buffer.from(text)
    },
    async done(entry: Entry, isLost = false) {
      const [text = '', ...rest] = queues.get(entry.key) ?? []
      if (isLost) lost.push(text)
      if (rest.length > 0) queues.set(entry.key, rest)
      else queues.delete(entry.key)
    },
    get depth() {
      return [...queues.values()].flat().length
    },
  }
  return spool
}

function start(spool: ReturnType<typeof memorySpool>, work: (text: string) => Promise<Worked>, concurrency = 4) {
  const draining = drain({
    ...{ spool: spool as unknown as Spool, log, concurrency, pauses },
    work: (bytes) => work(bytes.toString()),
  })
  started.push(draining)
  return draining
}
const done: Worked = { kind: 'done' }

test('all of it is worked off, each key in its order, what comes later too', async () => {
  const spool = memorySpool({ a: ['a1', 'a2', 'a3'], b: ['b1'] })
  const worked: string[] = []
  start(spool, async (text) => {
    worked.push(text)
    return done
  })
  await vi.waitFor(() => expect(spool.depth).toBe(0))
  spool.add('a', 'a4')
  await vi.waitFor(() => expect(worked).toContain('a4'))
  expect(worked.filter((text) => text.startsWith('a'))).toEqual(['a1', 'a2', 'a3', 'a4'])
})

test('a key that has to wait holds up its own entries and nobody else', async () => {
  const spool = memorySpool({ slow: ['s1', 's2'], fast: ['f1'] })
  const worked: string[] = []
  let failures = 3
  start(spool, async (text) => {
    if (text === 's1' && failures > 0) {
      failures -= 1
      return { kind: 'later', afterMs: 1 }
    }
    worked.push(text)
    return done
  })
  await vi.waitFor(() => expect(spool.depth).toBe(0))
  expect(worked.filter((text) => text.startsWith('s'))).toEqual(['s1', 's2'])
  expect(worked[0]).toBe('f1')
})

test('during an outage one at a time is tried, and all go on when it is over', async () => {
  const spool = memorySpool(Object.fromEntries(Array.from({ length: 8 }, (_, key) => [`k${key}`, ['x']])))
  let [away, tries, atOnce, most] = [true, 0, 0, 0]
  const draining = start(spool, async () => {
    atOnce += 1
    if (away && tries > 4) most = Math.max(most, atOnce)
    tries += 1
    await new Promise((resolve) => setImmediate(resolve))
    atOnce -= 1
    return away ? { kind: 'outage' } : done
  })
  await vi.waitFor(() => expect(tries).toBeGreaterThan(10))
  expect([draining.waits, most, spool.depth]).toEqual([true, 1, 8])
  away = false
  await vi.waitFor(() => expect(spool.depth).toBe(0))
  expect(draining.waits).toBe(false)
})

test('work that throws is tried again; what the disk lost is left behind, with its file', async () => {
  const spool = memorySpool({ a: ['bad', 'good'], b: ['gone', 'next'] }, ['gone'])
  let thrown = 0
  start(spool, async (text) => {
    if (text === 'bad' && thrown < 2) {
      thrown += 1
      throw new Error('a mistake of ours')
    }
    return done
  })
  await vi.waitFor(() => expect(spool.depth).toBe(0))
  expect([thrown, spool.lost]).toEqual([2, ['gone']])
})

test('stopping waits for what was begun and begins nothing more', async () => {
  const spool = memorySpool({ a: ['a1', 'a2'], b: ['b1'] })
  const begun = Promise.withResolvers<void>()
  const worked: string[] = []
  const draining = start(
    spool,
    async (text) => {
      await begun.promise
      worked.push(text)
      return done
    },
    1,
  )
  const stopped = draining.stop()
  begun.resolve()
  await stopped
  expect([worked, spool.depth]).toEqual([['a1'], 2])
})
