import { createRandom } from './random.ts'

/** In which order deliveries go out, and how often each. */
export type Arrangement = {
  /** How many times each is sent: a number, or one drawn for each between two, ends included. Default 1. */
  repeat?: number | readonly [from: number, to: number]
  /**
   * `none`: as they come. A window: each leaves at random among so many that wait, so order is lost nearby and memory
   * stays small. `total`: any order at all; everything is held in memory, repetitions share their bytes. Default none.
   */
  shuffle?: 'none' | 'total' | { window: number }
  /** Decides both, so that a run can be repeated. Default `arrange`. */
  seed?: string | number
}

/** Yields every item as often and in the order that the arrangement says. */
export function* arrange<T>(items: Iterable<T>, arrangement: Arrangement = {}): Generator<T, void, undefined> {
  const random = createRandom(`arrange|${arrangement.seed ?? ''}`)
  const { repeat = 1, shuffle = 'none' } = arrangement
  const times = () => (typeof repeat === 'number' ? repeat : random.int(repeat[0], repeat[1]))
  if (shuffle === 'total') {
    yield* random.shuffled([...items].flatMap((item) => Array.from({ length: times() }, () => item)))
    return
  }
  const window = shuffle === 'none' ? 0 : shuffle.window
  const waiting: T[] = []
  const takeOne = (): T => {
    const at = shuffle === 'none' ? 0 : random.int(0, waiting.length - 1)
    return waiting.splice(at, 1)[0] as T
  }
  for (const item of items) {
    for (let left = times(); left > 0; left -= 1) waiting.push(item)
    while (waiting.length > window) yield takeOne()
  }
  while (waiting.length > 0) yield takeOne()
}
