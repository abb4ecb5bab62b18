import type { Environment } from '../config/setting.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { StartRefused } from '../start-refused.ts'
import { compareStores, type StoresChange } from './compare-stores.ts'
import { changedSince, readStoresFile } from './read-stores-file.ts'
import { canonicalStoreId, type Platform, platforms, type Store, type StoreOf } from './store.ts'
import { watchFiles } from './watch-files.ts'

export type StoresRegistry = {
  /** The store that a platform calls so; spellings of one domain or URL find the same store. */
  find<P extends Platform>(platform: P, storeId: string): StoreOf<P> | undefined
  /** In the order of the file. The list is never changed: a reload makes a new one. */
  all(): readonly Store[]
  of<P extends Platform>(platform: P): readonly StoreOf<P>[]
  /** Called after a reload that changed something. Returns what ends the calls. */
  onChange(listener: (change: StoresChange) => void): () => void
  /** For `health.add('stores', stores.check)`: never fails, but notes when a bad newer file is being ignored. */
  readonly check: () => string | undefined
  /** Stops watching; what was loaded stays readable. */
  close(): void
}

/** Thrown by `loadStores` when there is no usable file to begin with; the message has one line per error. */
export class StoresFileError extends StartRefused {
  override name = 'StoresFileError'
}

/**
 * Reads the stores file, then keeps up with it: a changed file is taken over without a restart, a bad one is logged
 * and the last good one stays in use. Rejects with StoresFileError when the first read finds no usable file.
 */
export async function loadStores(options: {
  readonly path: string
  readonly env: Environment
  readonly log: Logger
  readonly metrics?: Metrics
  /** Whose secrets this process was given and reads; those of other platforms' stores are left out. All unless told. */
  readonly secretsOf?: readonly Platform[]
  /** How long a file must be left alone before it is read again; 200 ms unless told. */
  readonly quietMs?: number
  /** How often to look without being told of a change; 10 s unless told. */
  readonly pollMs?: number
}): Promise<StoresRegistry> {
  const { path, log, env } = options
  const secretsOf = options.secretsOf ?? platforms
  const listeners = new Set<(change: StoresChange) => void>()
  const told = options.metrics && storesMetrics(options.metrics)
  const read = () => readStoresFile(path, { env, reads: (platform) => secretsOf.includes(platform) })
  const warn = (warnings: readonly string[]) => {
    if (warnings.length > 0) log.warn({ warnings }, 'stores-file.warnings')
  }

  const first = await read()
  if (!first.ok) throw new StoresFileError(`The stores file cannot be used:\n  ${first.errors.join('\n  ')}`)
  let { stores, seen } = first
  let byId = index(stores)
  let ignored: readonly string[] = []
  warn(first.warnings)
  told?.loaded(stores)

  async function reload(): Promise<void> {
    if (!(await changedSince(seen))) return
    const next = await read()
    if (closed) return
    seen = next.seen
    watching.follow([...seen.keys()])
    if (!next.ok) {
      ignored = next.errors
      told?.ignored()
      return log.error({ errors: ignored, kept: stores.length }, 'stores-file.ignored')
    }
    const change = compareStores(stores, next.stores)
    ;[stores, byId, ignored] = [next.stores, index(next.stores), []]
    told?.loaded(stores)
    warn(next.warnings)
    const ids = (of: readonly Store[]) => of.map((store) => `${store.platform} ${store.id}`)
    const { added, changed, removed } = change
    log.info({ added: ids(added), changed: ids(changed), removed: ids(removed) }, 'stores-file.reloaded')
    if (added.length + changed.length + removed.length > 0) tell(change)
  }

  function tell(change: StoresChange): void {
    for (const listener of listeners) {
      try {
        listener(change)
      } catch (error) {
        log.error({ err: error }, 'stores-file.listener-failed')
      }
    }
  }

  let closed = false
  let reloading = Promise.resolve()
  const changed = () => {
    reloading = reloading.then(reload).catch((error: unknown) => log.error({ err: error }, 'stores-file.reload-failed'))
  }
  const watching = watchFiles({ changed, quietMs: options.quietMs ?? 200, pollMs: options.pollMs ?? 10_000 })
  watching.follow([...seen.keys()])

  return {
    find(platform, storeId) {
      const store = byId.get(`${platform} ${canonicalStoreId(platform, storeId)}`)
      return store && isOf(store, platform) ? store : undefined
    },
    all: () => stores,
    of: (platform) => stores.filter((store) => isOf(store, platform)),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    check: () => (ignored.length === 0 ? undefined : `a bad newer stores file is ignored: ${ignored.join('; ')}`),
    close() {
      closed = true
      watching.close()
    },
  }
}

const isOf = <P extends Platform>(store: Store, platform: P): store is StoreOf<P> => store.platform === platform

const index = (stores: readonly Store[]): ReadonlyMap<string, Store> =>
  new Map(stores.map((store) => [`${store.platform} ${store.id}`, store]))

function storesMetrics(metrics: Metrics) {
  const good = metrics.gauge({ what: 'stores_file_ok', help: '0 while a bad newer stores file is being ignored' })
  const count = metrics.gauge({ what: 'stores', help: 'Stores in the file in use', labels: ['platform'] })
  return {
    loaded(stores: readonly Store[]) {
      good.set(1)
      for (const platform of platforms) count.set({ platform }, stores.filter((of) => of.platform === platform).length)
    },
    ignored: () => good.set(0),
  }
}
