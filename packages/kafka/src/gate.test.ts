import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createGate } from './gate.ts'

/** Lanes that always have work, as the gate lets them run. */
async function busyLanes(lanes: readonly number[], turns: number, patience: number): Promise<number[]> {
  const gate = createGate({ patience })
  const order: number[] = []
  await Promise.all(
    lanes.map(async (rank) => {
      while (order.length < turns) {
        await gate.turn(rank, async () => {
          order.push(rank)
          // Lets every other lane ask for its turn while this one is at work.
          await new Promise((resolve) => setImmediate(resolve))
        })
        gate.expect(rank, true)
      }
    }),
  )
  return order.slice(0, turns)
}

describe('gate', () => {
  test('one turn at a time', async () => {
    const gate = createGate()
    let inside = 0
    const most: number[] = []
    const work = async () => {
      inside += 1
      most.push(inside)
      await new Promise((resolve) => setImmediate(resolve))
      inside -= 1
    }
    await Promise.all([0, 1, 2, 0, 1].map((rank) => gate.turn(rank, work)))
    expect(Math.max(...most)).toBe(1)
  })

  test('high waits for one batch of low at most', async () => {
    const gate = createGate()
    const order: string[] = []
    const finishLow = Promise.withResolvers<void>()
    const low = gate.turn(2, async () => {
      await finishLow.promise
      order.push('low')
    })
    const more = [2, 2].map((rank) => gate.turn(rank, async () => void order.push('more low')))
    const high = gate.turn(0, async () => void order.push('high'))
    finishLow.resolve()
    await Promise.all([low, ...more, high])
    expect(order).toEqual(['low', 'high', 'more low', 'more low'])
  })

  test('a turn that throws gives the next its turn, and the error to its caller', async () => {
    const gate = createGate()
    const failed = gate.turn(0, async () => Promise.reject(new Error('database away')))
    const next = gate.turn(1, async () => 'went on')
    await expect(failed).rejects.toThrow('database away')
    await expect(next).resolves.toBe('went on')
  })

  test('the guaranteed share: with three busy lanes, each lower one moves on after `patience` turns of others', async () => {
    const order = await busyLanes([0, 1, 2], 60, 4)
    expect(order.filter((rank) => rank === 0).length).toBeGreaterThan(30)
    expect(order.slice(0, 5)).toEqual([0, 0, 0, 0, 0])
    for (const rank of [1, 2]) expect(longestWait(order, rank)).toBeLessThanOrEqual(4 + 2)
  })

  test('who leaves gives up the place: those behind move on, and the work is never begun', async () => {
    const gate = createGate()
    const leaving = new AbortController()
    const first = Promise.withResolvers<void>()
    const order: string[] = []
    const [under, left, behind] = [
      gate.turn(0, () => first.promise),
      gate.turn(1, async () => order.push('left'), leaving.signal),
      gate.turn(2, async () => order.push('behind')),
    ]
    leaving.abort()
    expect(await left).toBeUndefined()
    expect(await gate.turn(1, async () => order.push('too late'), leaving.signal)).toBeUndefined()
    first.resolve()
    await Promise.all([under, behind])
    expect(order).toEqual(['behind'])
  })

  test('a higher lane that has more to fetch is waited for, but no longer than the grace', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const gate = createGate({ graceMs: 300 })
    const order: string[] = []
    gate.expect(0, true)
    const low = gate.turn(2, async () => void order.push('low'))
    await vi.advanceTimersByTimeAsync(299)
    await gate.turn(0, async () => void order.push('high'))
    gate.expect(0, true)
    await vi.advanceTimersByTimeAsync(299)
    expect(order).toEqual(['high'])
    await vi.advanceTimersByTimeAsync(1)
    await low
    expect(order).toEqual(['high', 'low'])
  })

  test('a higher lane that is done is not waited for', async () => {
    const gate = createGate()
    gate.expect(0, true)
    const low = gate.turn(2, async () => 'low')
    gate.expect(0, false)
    await expect(low).resolves.toBe('low')
  })

  property.prop([fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 })], { numRuns: 30 })(
    'no lane waits for more than the turn under way, `patience` turns of higher ones, and one of each other lane',
    async (lanes, patience) => {
      const ranks = Array.from({ length: lanes }, (_, rank) => rank)
      const order = await busyLanes(ranks, 80, patience)
      const others = Math.max(0, lanes - 2)
      for (const rank of ranks) expect(longestWait(order, rank)).toBeLessThanOrEqual(1 + patience + others)
    },
  )
})

/** Most turns of others between two turns of a lane. */
function longestWait(order: readonly number[], rank: number): number {
  let longest = 0
  let waited = 0
  for (const turn of order) {
    waited = turn === rank ? 0 : waited + 1
    longest = Math.max(longest, waited)
  }
  return longest
}
