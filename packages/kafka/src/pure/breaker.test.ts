import { describe, expect, test } from 'vitest'
import { type Breaker, closed, isOpen, judge } from './breaker.ts'

const settings = { rejections: 3, coolDownMs: 1_000 }
const R = true
const ok = false

/** Judges batches one after another at time 0. */
const judged = (...batches: boolean[][]): Breaker =>
  batches.reduce((breaker, batch) => judge(breaker, batch, settings, 0).breaker, closed)

describe('breaker', () => {
  test('stays closed while some records are accepted in between', () => {
    expect(judged([R, R, ok, R, R], [ok, R, R], [ok])).toEqual({ rejectedInARow: 0 })
  })

  test('counts rejections in a row across batches, and opens with the one that reaches the limit', () => {
    const before = judged([ok, R], [R])
    expect(before).toEqual({ rejectedInARow: 2 })
    const { breaker, opened } = judge(before, [R], settings, 500)
    expect(opened).toBe(true)
    expect(isOpen(breaker, 1_499)).toBe(true)
    expect(isOpen(breaker, 1_500)).toBe(false)
  })

  test('opens on a run in the middle of a batch that ends well', () => {
    expect(judge(closed, [ok, R, R, R, ok], settings, 0).opened).toBe(true)
  })

  test('a batch that opened it comes again and is not counted twice', () => {
    const { breaker } = judge(judged([R]), [R, R], settings, 0)
    expect(breaker.rejectedInARow).toBe(1)
  })

  test('a trial in which anything is accepted closes it', () => {
    const open = judge(closed, [R, R, R], settings, 0).breaker
    expect(judge(open, [R, R, ok, R], settings, 2_000)).toEqual({ breaker: { rejectedInARow: 1 }, opened: false })
  })

  test('a trial of nothing but rejections opens it again, however short it is', () => {
    const open = judge(closed, [R, R, R], settings, 0).breaker
    const trial = judge(open, [R], settings, 2_000)
    expect(trial.opened).toBe(true)
    expect(isOpen(trial.breaker, 2_999)).toBe(true)
  })

  test('a trial with as many rejections in a row opens it again', () => {
    const open = judge(closed, [R, R, R], settings, 0).breaker
    expect(judge(open, [ok, R, R, R, ok], settings, 2_000).opened).toBe(true)
  })

  test('no records say nothing', () => {
    const open = judge(closed, [R, R, R], settings, 0).breaker
    expect(judge(open, [], settings, 9_000)).toEqual({ breaker: open, opened: false })
  })
})
