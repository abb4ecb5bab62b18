import type { Random } from '../random.ts'

const day = 86_400_000
/** Room between two moments, so that what one action sends can be told apart to the millisecond. */
const gap = 5

export type Clock = {
  /** The next moment, ms; `left` says how many deliveries are still to come, so that the life ends near its end. */
  next(left: number): number
  /** A moment within the same second as the last, and after it; undefined where that second is used up. */
  withinSecond(): number | undefined
  /** A moment up to three seconds after the last. */
  soon(): number
}

/** A clock that never repeats a moment: from `days` before `end`, with quiet and busy times, to shortly before `end`. */
export function createClock(random: Random, of: { end: number; days: number }): Clock {
  let at = of.end - Math.round(of.days * day)
  return {
    next(left) {
      const mean = (of.end - at) / (Math.max(left, 0) + 2)
      const wait = Math.round(mean * (random.int(1, 1000) / 500) ** 2 * 0.75)
      at = Math.min(at + Math.max(wait, gap), Math.max(of.end, at + gap))
      return at
    },
    withinSecond() {
      const then = at + random.int(gap, 120)
      if (Math.floor(then / 1000) !== Math.floor(at / 1000)) return undefined
      at = then
      return at
    },
    soon() {
      at += random.int(gap, 3_000)
      return at
    },
  }
}
