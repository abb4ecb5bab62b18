import { setTimeout as after } from 'node:timers/promises'
import type { Logger, Metrics } from '@varai/runtime'
import type { Vault } from './vault.ts'

const hourMs = 3_600_000

/**
 * Destroys what is due, now and every hour until told to stop. Two processes that do so harm nobody, so it needs no
 * lease; what fails is tried again an hour later, and meanwhile the time alone keeps expired keys from being used.
 */
export function keepDestroying(options: {
  readonly vault: Pick<Vault, 'destroyExpired'>
  readonly log: Logger
  readonly metrics: Metrics
  readonly stopping: AbortSignal
  readonly everyMs?: number
}): { /** Resolves when told to stop. */ readonly done: Promise<void> } {
  const { vault, log, stopping } = options
  const lastSuccess = options.metrics.gauge({
    what: 'vault_last_destroyed',
    unit: 'timestamp_seconds',
    help: 'When keys whose time was over were last destroyed successfully',
  })

  async function sweep(): Promise<void> {
    try {
      const keys = await vault.destroyExpired()
      lastSuccess.set(Date.now() / 1_000)
      log.info({ keys }, 'vault.expired-destroyed')
    } catch (error) {
      log.warn({ err: error }, 'vault.destroying-failed')
    }
  }

  async function keep(): Promise<void> {
    while (!stopping.aborted) {
      await sweep()
      await after(options.everyMs ?? hourMs, undefined, { signal: stopping }).catch(() => undefined)
    }
  }
  return { done: keep() }
}
