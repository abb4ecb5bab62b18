import { createLog } from '@varai/runtime'
import { testClock } from '@varai/testkit'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createGate } from './gate.ts'
import { createLaneLoop, type FetchedBatch, type LaneLoopPorts } from './lane-loop.ts'
import type { Slice, SliceResult } from './process-batch.ts'
import { message } from './test-records.ts'

const log = createLog({ service: 'test', level: 'silent' })
const commit: SliceResult = { kind: 'commit' }
const none = { done: 0, skipped: 0, rejected: 0, retried: 0, moved: 0 }

type Fetch = {
  partition: number
  offsets: readonly number[]
  lastOffset?: number
  end?: number
  headers?: Record<string, string>
  timestamp?: number
}

/** A loop whose batches are processed as told, and what it did with kafkajs. */
function lane(
  process: (slices: readonly Slice[]) => Promise<readonly SliceResult[]>,
  change: Partial<LaneLoopPorts> = {},
) {
  const clock = testClock('2026-06-01T12:00:00Z')
  const handled: string[][] = []
  const pauses: { partition: number; ms: number }[] = []
  const commits: unknown[] = []
  const resolved: string[] = []
  const lags: Record<string, number> = {}
  const soon: boolean[] = []
  const running = { is: true, stale: false }
  const heartbeat = vi.fn(async () => {})
  const committing = vi.fn(async (_offsets: unknown) => {})
  const loop = createLaneLoop({
    lane: 'high',
    log,
    topicOf: (onCluster) => onCluster.replace('env.', ''),
    process: async (slices) => {
      handled.push(slices.flatMap((slice) => slice.messages.map(({ offset }) => `${slice.partition}:${offset}`)))
      return { results: await process(slices), counts: none }
    },
    stoppedUntil: () => undefined,
    turn: (work) => work(),
    expect: (is) => soon.push(is),
    pause: (_topic, partition, ms) => pauses.push({ partition, ms }),
    maxRecords: 100,
    backoff: { firstMs: 100, capMs: 10_000 },
    onLag: (topic, partition, records) => {
      lags[`${topic}|${partition}`] = records
    },
    now: clock.now,
    random: () => 1,
    ...change,
  })
  const fetched = ({ partition, offsets, lastOffset, end, headers = {}, timestamp = 0 }: Fetch): FetchedBatch => {
    const last = String(lastOffset ?? offsets.at(-1) ?? 0)
    return {
      batch: {
        topic: 'env.events',
        partition,
        highWatermark: String(end ?? Number(last) + 1),
        messages: offsets.map((offset) => message({ offset, headers, timestamp })),
        isEmpty: () => offsets.length === 0,
        firstOffset: () => String(offsets[0] ?? 0),
        lastOffset: () => last,
        offsetLag: () => '0',
        offsetLagLow: () => '0',
      },
      heartbeat,
      isRunning: () => running.is,
      isStale: () => running.stale,
      resolveOffset: (offset) => void resolved.push(`${partition}:${offset}`),
      async commitOffsetsIfNecessary(offsets) {
        await committing(offsets)
        for (const { topic, partitions } of offsets?.topics ?? []) {
          for (const { partition, offset } of partitions) commits.push(`${topic}|${partition}:${offset}`)
        }
      },
    }
  }
  const fetch = (...of: Fetch[]) => Promise.all(of.map((each) => loop.eachBatch(fetched(each))))
  return { loop, fetch, fetched, clock, handled, pauses, commits, resolved, lags, soon, running, heartbeat, committing }
}
const all = async (slices: readonly Slice[]) => slices.map(() => commit)

describe('batches', () => {
  test('partitions that were fetched together are handled together, and committed afterwards', async () => {
    const { fetch, handled, commits, resolved } = lane(async (slices) => {
      expect(commits).toEqual([])
      return all(slices)
    })
    await fetch({ partition: 0, offsets: [5, 6] }, { partition: 1, offsets: [9] })
    expect(handled).toEqual([['0:5', '0:6', '1:9']])
    expect(commits).toEqual(['env.events|0:7', 'env.events|1:10'])
    expect(resolved).toEqual(['0:6', '1:9'])
  })

  test('no batch is larger than the cap, and each part is committed before the next', async () => {
    const { fetch, handled, commits } = lane(all, { maxRecords: 3 })
    await fetch({ partition: 0, offsets: [0, 1, 2, 3] }, { partition: 1, offsets: [0, 1] })
    expect(handled).toEqual([
      ['0:0', '0:1', '0:2'],
      ['0:3', '1:0', '1:1'],
    ])
    expect(commits).toEqual(['env.events|0:3', 'env.events|0:4', 'env.events|1:2'])
  })

  test('at the end of a fetch the commit also passes what kafkajs has filtered out', async () => {
    const { fetch, commits } = lane(all)
    await fetch({ partition: 0, offsets: [0, 1], lastOffset: 4 })
    expect(commits).toEqual(['env.events|0:5'])
  })

  test('tells the lag, and whether there is more to come at once', async () => {
    const { fetch, lags, soon } = lane(all, { maxRecords: 2 })
    await fetch({ partition: 0, offsets: [0, 1, 2], end: 10 })
    expect(lags).toEqual({ 'events|0': 7 })
    expect(soon).toEqual([true, true, true, true])
    await fetch({ partition: 0, offsets: [3, 9], end: 10 })
    expect([lags, soon.at(-1)]).toEqual([{ 'events|0': 0 }, false])
  })
})

describe('failures', () => {
  test('nothing is committed, the partition pauses longer each time, and its records come again', async () => {
    const { fetch, clock, pauses, commits, resolved } = lane(() => Promise.reject(new Error('database away')))
    for (const expected of [100, 200, 400]) {
      await fetch({ partition: 0, offsets: [0, 1] })
      expect(pauses.at(-1)).toEqual({ partition: 0, ms: expected })
      clock.advance(expected)
    }
    expect([commits, resolved]).toEqual([[], []])
  })

  test('a partition fetched again before its time goes on waiting for the rest of it', async () => {
    const { fetch, clock, pauses, handled } = lane(() => Promise.reject(new Error('away')))
    await fetch({ partition: 0, offsets: [0] })
    clock.advance(40)
    await fetch({ partition: 0, offsets: [0] })
    expect(pauses.at(-1)).toEqual({ partition: 0, ms: 60 })
    expect(handled).toHaveLength(1)
  })

  test('after a failure each partition comes alone, so that one that always fails holds up no other', async () => {
    const { fetch, clock, handled, commits } = lane((slices) =>
      slices.some(({ partition }) => partition === 1) ? Promise.reject(new Error('bug')) : all(slices),
    )
    const both: Fetch[] = [
      { partition: 0, offsets: [0] },
      { partition: 1, offsets: [0] },
    ]
    await fetch(...both)
    clock.advance(100)
    await fetch(...both)
    expect(handled).toEqual([['0:0', '1:0'], ['0:0'], ['1:0']])
    expect(commits).toEqual(['env.events|0:1'])
    clock.advance(200)
    await fetch({ partition: 0, offsets: [1] }, { partition: 2, offsets: [0] })
    expect(handled.at(-1)).toEqual(['0:1', '2:0'])
  })

  test('one in trouble is not put together with the healthy ones before it', async () => {
    let fail = true
    const { fetch, clock, handled } = lane((slices) => (fail ? Promise.reject(new Error('bug')) : all(slices)))
    await fetch({ partition: 1, offsets: [0, 1] })
    fail = false
    clock.advance(100)
    await fetch({ partition: 0, offsets: [0] }, { partition: 1, offsets: [0, 1] }, { partition: 2, offsets: [0] })
    expect(handled.slice(1)).toEqual([['0:0', '2:0'], ['1:0'], ['1:1']])
  })

  test('smaller steps close in on the record that fails; all before it are committed', async () => {
    const { fetch, clock, handled, commits } = lane((slices) =>
      slices[0]?.messages.some(({ offset }) => offset === '6') ? Promise.reject(new Error('bug')) : all(slices),
    )
    let next = 0
    for (let time = 0; time < 12; time += 1) {
      await fetch({ partition: 0, offsets: Array.from({ length: 10 - next }, (_, index) => next + index) })
      next = Number(String(commits.at(-1) ?? ':0').split(':')[1])
      clock.advance(10_000)
    }
    expect(next).toBe(6)
    expect(handled.at(-1)).toEqual(['0:6'])
  })

  test('other partitions of a fetch are handled though one pauses', async () => {
    const { fetch, commits } = lane(async ([first, second]) => [
      ...(first === undefined ? [] : [{ kind: 'stopped', until: Date.parse('2026-06-01T12:01:00Z') } as const]),
      ...(second === undefined ? [] : [commit]),
    ])
    await fetch({ partition: 0, offsets: [0] }, { partition: 1, offsets: [0] })
    expect(commits).toEqual(['env.events|1:1'])
  })

  test('a partition whose breaker is open is not even handled', async () => {
    const { fetch, handled, pauses } = lane(all, { stoppedUntil: () => Date.parse('2026-06-01T12:00:05Z') })
    await fetch({ partition: 0, offsets: [0] })
    expect([handled, pauses]).toEqual([[], [{ partition: 0, ms: 5_000 }]])
  })

  test('a commit that fails is given to kafkajs, which joins again; nothing counts as handled', async () => {
    const { fetch, committing, resolved } = lane(all)
    const rebalance = Object.assign(new Error('rebalancing'), { type: 'REBALANCE_IN_PROGRESS' })
    committing.mockRejectedValueOnce(rebalance)
    await expect(fetch({ partition: 0, offsets: [0] })).rejects.toBe(rebalance)
    expect(resolved).toEqual([])
    await fetch({ partition: 0, offsets: [0] })
    expect(resolved).toEqual(['0:0'])
  })
})

describe('membership', () => {
  test('heartbeats go on while a batch is at work; one that fails ends the batch, after its commit', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const work = Promise.withResolvers<void>()
    const { fetch, handled, heartbeat, commits } = lane(
      async (slices) => {
        await work.promise
        return all(slices)
      },
      { maxRecords: 1 },
    )
    const fetched = fetch({ partition: 0, offsets: [0, 1] })
    const ended = expect(fetched).rejects.toThrow('rebalancing')
    await vi.waitFor(() => expect(handled).toHaveLength(1), 20_000)
    vi.advanceTimersByTime(3_000)
    expect(heartbeat).toHaveBeenCalledTimes(3)
    heartbeat.mockRejectedValueOnce(new Error('rebalancing'))
    vi.advanceTimersByTime(1_000)
    work.resolve()
    await ended
    expect([commits, handled]).toEqual([['env.events|0:1'], [['0:0']]])
    vi.useRealTimers()
  })

  test('a batch that is no longer ours is left', async () => {
    const { fetch, running, handled } = lane(
      async (slices) => {
        running.stale = true
        return all(slices)
      },
      { maxRecords: 1 },
    )
    await fetch({ partition: 0, offsets: [0, 1, 2] })
    expect(handled).toEqual([['0:0']])
  })

  test('a stop finishes and commits the batch in hand, and leaves the rest', async () => {
    const { fetch, loop, handled, commits } = lane(
      async (slices) => {
        loop.stop()
        return all(slices)
      },
      { maxRecords: 2 },
    )
    await fetch({ partition: 0, offsets: [0, 1, 2, 3] })
    expect([handled, commits]).toEqual([[['0:0', '0:1']], ['env.events|0:2']])
    await fetch({ partition: 0, offsets: [2] })
    expect(handled).toHaveLength(1)
  })

  describe('while it waits for its turn', () => {
    /** A lane below one that is at work until the test ends. */
    const waiting = () => {
      const gate = createGate()
      const above = Promise.withResolvers<void>()
      onTestFinished(() => above.resolve())
      void gate.turn(0, () => above.promise)
      const wishes = vi.fn()
      const turn: LaneLoopPorts['turn'] = (work, leaving) => {
        wishes()
        return gate.turn(1, work, leaving)
      }
      return { ...lane(all, { turn }), wishes }
    }

    test('a lane that is stopped handles nothing more, and is not waited for', async () => {
      const { fetch, loop, handled, wishes } = waiting()
      const fetched = fetch({ partition: 0, offsets: [0] })
      await vi.waitFor(() => expect(wishes).toHaveBeenCalled(), 20_000)
      loop.stop()
      await fetched
      expect(handled).toEqual([])
    })

    test('a lane whose group forms anew joins it at once, and does not keep the others waiting', async () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
      onTestFinished(() => void vi.useRealTimers())
      const { fetch, handled, heartbeat, wishes } = waiting()
      heartbeat.mockRejectedValueOnce(new Error('rebalancing'))
      const ended = expect(fetch({ partition: 0, offsets: [0] })).rejects.toThrow('rebalancing')
      await vi.waitFor(() => expect(wishes).toHaveBeenCalled(), 20_000)
      vi.advanceTimersByTime(1_000)
      await ended
      // it is a member again, and asks for its turn anew
      void fetch({ partition: 0, offsets: [0] }).catch(() => undefined)
      await vi.waitFor(() => expect(wishes).toHaveBeenCalledTimes(2), 20_000)
      expect(handled).toEqual([])
    })
  })

  test('the troubles of a partition that went away are forgotten', async () => {
    let fail = true
    const { fetch, loop, handled } = lane((slices) => (fail ? Promise.reject(new Error('away')) : all(slices)))
    await fetch({ partition: 0, offsets: [0] })
    loop.assigned({ 'env.events': [1] })
    fail = false
    await fetch({ partition: 0, offsets: [0] })
    expect(handled).toHaveLength(2)
  })
})

describe('a retry lane', () => {
  const at = (time: string) => ({ 'varai-not-before': `2026-06-01T${time}Z` })
  const writtenAt = Date.parse('2026-06-01T12:00:00Z')

  test('takes a record when its time has come, and pauses until then', async () => {
    const { fetch, clock, handled, pauses } = lane(all, { holdMs: 30_000 })
    const record = { partition: 0, offsets: [0], headers: at('12:00:10'), timestamp: writtenAt }
    await fetch(record)
    expect([handled, pauses]).toEqual([[], [{ partition: 0, ms: 10_000 }]])
    clock.advance(10_000)
    await fetch(record)
    expect(handled).toEqual([['0:0']])
  })

  test('one that must wait for long is taken after the hold, to make way for those behind it', async () => {
    const { fetch, pauses } = lane(all, { holdMs: 30_000 })
    await fetch({ partition: 0, offsets: [0, 1], headers: at('13:00:00'), timestamp: writtenAt })
    expect(pauses).toEqual([{ partition: 0, ms: 30_000 }])
  })
})
