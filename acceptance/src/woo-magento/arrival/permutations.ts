/** All orders of some things. */
export function* permutations<T>(things: readonly T[]): Generator<T[]> {
  if (things.length <= 1) yield [...things]
  for (const [at, first] of things.length <= 1 ? [] : things.entries()) {
    for (const rest of permutations(things.toSpliced(at, 1))) yield [first, ...rest]
  }
}
