import { setTimeout as after } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { runLoad } from './closed-loop.ts'

test('as many calls as told are under way, and no more events than told are made', async () => {
  let underWay = 0
  let most = 0
  const turns: number[] = []
  const measure = await runLoad({ events: 50, withinMs: 60_000, callers: 8 }, async (turn) => {
    turns.push(turn)
    underWay += 1
    most = Math.max(most, underWay)
    await after(1)
    underWay -= 1
  })
  expect(most).toBe(8)
  expect(measure.events).toBe(50)
  expect(new Set(turns).size).toBe(50)
})

test('a round ends in time however many events are left', async () => {
  const measure = await runLoad({ events: 1_000_000_000, withinMs: 20, callers: 2 }, () => after(1))
  expect(measure.events).toBeGreaterThan(0)
  expect(measure.events).toBeLessThan(1_000_000_000)
})

test('one refusal fails the round', async () => {
  const call = async (turn: number) => {
    if (turn === 3) throw new Error('refused')
  }
  await expect(runLoad({ events: 10, withinMs: 1_000, callers: 2 }, call)).rejects.toThrow('refused')
})
