/** A clock that stands still until the test moves it. Pass `now` where a part asks for the time. */
export type TestClock = {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Moves on by so many milliseconds (backwards when negative) and returns the new time. */
  advance(ms: number): number
  set(time: Date | number | string): void
}

/** Starts at `start`: epoch milliseconds, a Date, or an ISO text. */
export function testClock(start: Date | number | string = '2026-06-01T12:00:00Z'): TestClock {
  let time = toMs(start)
  return {
    now: () => time,
    advance: (ms) => (time += ms),
    set(to) {
      time = toMs(to)
    },
  }
}

function toMs(time: Date | number | string): number {
  const ms = new Date(time).getTime()
  if (Number.isNaN(ms)) throw new RangeError(`not a time: ${String(time)}`)
  return ms
}
