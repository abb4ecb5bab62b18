import { createHash } from 'node:crypto'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** One stream of choices: the same seed makes the same choices in the same order, on every machine. */
export type Random = {
  /** Whole number, both ends included. */
  int(from: number, to: number): number
  /** True with this probability. */
  chance(probability: number): boolean
  /** One of the items. Throws RangeError when there is none. */
  pick<T>(items: readonly T[]): T
  /** One of the names, by weight. Weights need no sum. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K
  /** An index below `length`; low ones far more often, as in a Zipf distribution. */
  skewedIndex(length: number): number
  /** A random (version 4) UUID. */
  uuid(): string
  /** Decimal digits, the first may be zero. */
  digits(count: number): string
  /** The items in another order. The given list stays as it is. */
  shuffled<T>(items: readonly T[]): T[]
}

/** Creates a stream from a seed of any text, so that streams for different purposes cannot run in step. */
export function createRandom(seed: string): Random {
  const generator = xoroshiro128plus(createHash('sha256').update(seed).digest().readInt32BE())
  const int = (from: number, to: number) => uniformInt(generator, from, to)
  const fraction = () => uniformFloat64(generator)

  function pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('nothing to pick from')
    return items[int(0, items.length - 1)] as T
  }

  return {
    int,
    pick,
    chance: (probability) => fraction() < probability,
    weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
      const entries = Object.entries(weights) as [K, number][]
      let left = fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      const chosen = entries.find(([, weight]) => {
        left -= weight
        return left < 0
      })
      return (chosen ?? (entries.at(-1) as [K, number]))[0]
    },
    // (length+1)^u - 1 for a uniform u falls on k with a probability that goes like 1/(k+1)
    skewedIndex: (length) => Math.min(length - 1, Math.floor((length + 1) ** fraction() - 1)),
    uuid() {
      const hex = Array.from({ length: 32 }, () => int(0, 15).toString(16))
      hex[12] = '4'
      hex[16] = (8 + int(0, 3)).toString(16)
      const part = (from: number, to: number) => hex.slice(from, to).join('')
      return `${part(0, 8)}-${part(8, 12)}-${part(12, 16)}-${part(16, 20)}-${part(20, 32)}`
    },
    digits: (count) => Array.from({ length: count }, () => int(0, 9)).join(''),
    shuffled<T>(items: readonly T[]): T[] {
      const list = [...items]
      for (let at = list.length - 1; at > 0; at -= 1) {
        const other = int(0, at)
        const held = list[at] as T
        list[at] = list[other] as T
        list[other] = held
      }
      return list
    },
  }
}
