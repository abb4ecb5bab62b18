const m = 0x5bd1e995
const seed = 0x9747b28c | 0

/**
 * Kafka's hash of a record key, as every Kafka client computes it (32-bit, signed): records of one key lie in one
 * partition whoever wrote them. kafkajs' own does the same with objects for numbers, at many times the cost.
 */
export function murmur2(key: Uint8Array): number {
  const length = key.length
  const blocks = length & ~3
  let h = seed ^ length
  for (let at = 0; at < blocks; at += 4) {
    let k = (key[at] ?? 0) | ((key[at + 1] ?? 0) << 8) | ((key[at + 2] ?? 0) << 16) | ((key[at + 3] ?? 0) << 24)
    k = Math.imul(k, m)
    k = Math.imul(k ^ (k >>> 24), m)
    h = Math.imul(h, m) ^ k
  }
  const rest = length & 3
  if (rest === 3) h ^= (key[blocks + 2] ?? 0) << 16
  if (rest >= 2) h ^= (key[blocks + 1] ?? 0) << 8
  if (rest >= 1) h = Math.imul(h ^ (key[blocks] ?? 0), m)
  h = Math.imul(h ^ (h >>> 13), m)
  return h ^ (h >>> 15)
}

/** The partition of a key among `partitions`. */
export const partitionOfKey = (key: Uint8Array, partitions: number): number => (murmur2(key) & 0x7fffffff) % partitions
