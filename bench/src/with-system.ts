import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ServiceName, type System, startSystem } from '@varai/demo/system'
import { storesFile } from '@varai/simulator'
import type { BenchOptions } from './bench.ts'
import { benchStore } from './ingest/shop.ts'

/** Rejects when the signal says so, and never resolves. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const end = () => reject(signal.reason instanceof Error ? signal.reason : new Error('given up'))
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })

/**
 * Boots a system on empty data beside whatever else runs, does `work` with it, and stops it. `close` is for what the
 * work itself starts: it ends in reverse order before the system does, also when the work fails or is given up.
 */
export async function withSystem<T>(
  options: BenchOptions & {
    readonly services: readonly ServiceName[]
    readonly env?: NodeJS.ProcessEnv
    readonly stackEnv?: NodeJS.ProcessEnv
  },
  work: (system: System, close: (stop: () => Promise<unknown>) => void) => Promise<T>,
): Promise<T> {
  const { stateDir, services, progress, signal } = options
  await mkdir(stateDir, { recursive: true })
  const stores = join(stateDir, 'stores.yaml')
  await writeFile(stores, storesFile([benchStore]))
  const { env = {}, stackEnv = {} } = options
  const system = await startSystem({ stateDir, stores, services, fresh: true, progress, signal, env, stackEnv })
  const stops: (() => Promise<unknown>)[] = []
  try {
    return await Promise.race([work(system, (stop) => stops.push(stop)), system.failure, aborted(signal)])
  } finally {
    for (const stop of stops.reverse()) await stop().catch((error: unknown) => progress(`stopping: ${String(error)}`))
    await system.stop()
  }
}
