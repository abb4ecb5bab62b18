export type KeyCache<K> = {
  /** The cached key, or what `load` finds; callers that ask at once share one load. What is not found is not kept. */
  get(id: string, until: number, load: () => Promise<K | undefined>): Promise<K | undefined>
  /** Drops the keys that end at or before this time. */
  forgetDue(now: number): void
}

type Entry<K> = { readonly until: number; readonly loadedAt: number; readonly key: Promise<K | undefined> }

/** A key that another process destroyed before its time is forgotten here within this. */
const longestMs = 5 * 60_000

/** Keeps up to `most` keys, the least recently used go first; none past its end. Times in epoch milliseconds. */
export function createKeyCache<K>(options: { readonly most: number; readonly now: () => number }): KeyCache<K> {
  const entries = new Map<string, Entry<K>>()

  function usable(id: string): Entry<K> | undefined {
    const entry = entries.get(id)
    if (entry === undefined) return undefined
    entries.delete(id)
    const now = options.now()
    if (now >= entry.until || now - entry.loadedAt >= longestMs) return undefined
    entries.set(id, entry) // a Map keeps the order of insertion: used last, evicted last
    return entry
  }

  return {
    get(id, until, load) {
      const held = usable(id)
      if (held !== undefined) return held.key
      const entry = { until, loadedAt: options.now(), key: load() }
      const drop = () => {
        if (entries.get(id) === entry) entries.delete(id)
      }
      entry.key.then((key) => key === undefined && drop(), drop)
      entries.set(id, entry)
      for (const oldest of entries.keys()) {
        if (entries.size <= options.most) break
        entries.delete(oldest)
      }
      return entry.key
    },
    forgetDue(now) {
      for (const [id, entry] of entries) if (entry.until <= now) entries.delete(id)
    },
  }
}
