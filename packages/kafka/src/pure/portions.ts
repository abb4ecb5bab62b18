/**
 * Cuts records into portions of about `size`, everything about one key in one portion and in its order. A portion is
 * larger only by what its last key has; keys come in the order of their first record. What has no key stands alone.
 */
export function portionsOf<T>(records: readonly T[], keyOf: (record: T) => string | undefined, size: number): T[][] {
  if (records.length <= size) return records.length === 0 ? [] : [[...records]]
  const portions: T[][] = []
  let last: T[] = []
  for (const [key, sharing] of Map.groupBy(records, keyOf)) {
    for (const some of key === undefined ? sharing.map((one) => [one]) : [sharing]) {
      if (last.length === 0 || last.length >= size) {
        last = []
        portions.push(last)
      }
      for (const record of some) last.push(record)
    }
  }
  return portions
}
