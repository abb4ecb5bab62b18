import { setTimeout as after } from 'node:timers/promises'
import { errorText, type Logger } from '@varai/runtime'
import type { PublishChanges, Unpublished } from './publish-changes.ts'

/** The documents of one collection, and who tells of their changes. */
export type Told = {
  readonly changes: PublishChanges
  readonly unpublished: (options: { readonly before: number; readonly limit: number }) => Promise<Unpublished[]>
}

/** Whoever saved a change tells it at once; what is older than this was left behind by a process that died, ms. */
const graceMs = 30_000
const pageSize = 200

/**
 * Tells the changes that were left behind in documents; returns how many documents had any. May run in many processes
 * at once: then a change is told more than once.
 */
export async function sweepChanges(
  { changes, unpublished }: Told,
  options: { readonly before: number; readonly stopping?: AbortSignal },
): Promise<number> {
  const seen = new Set<string>()
  for (;;) {
    const found = await unpublished({ before: options.before, limit: pageSize })
    const left = found.filter(({ id, rev }) => !seen.has(`${rev} ${id}`))
    // what is here again was written meanwhile: its writer tells it, or the next sweep does
    if (left.length === 0 || options.stopping?.aborted === true) return seen.size
    await changes.publish(left)
    await changes.clear()
    for (const { id, rev } of left) seen.add(`${rev} ${id}`)
  }
}

/** Takes what was told out of documents, and sweeps now and then. Resolves when told to stop, after a last clearing. */
export async function keepChangesTold(
  all: readonly Told[],
  options: {
    readonly stopping: AbortSignal
    readonly log: Logger
    readonly clearEveryMs?: number
    readonly sweepEveryMs?: number
    readonly now?: () => number
  },
): Promise<void> {
  const { stopping, log, clearEveryMs = 1_000, sweepEveryMs = 30_000, now = Date.now } = options
  let sweptAt = 0
  while (!stopping.aborted) {
    try {
      for (const { changes } of all) await changes.clear()
      if (now() - sweptAt >= sweepEveryMs) {
        let documents = 0
        for (const each of all) documents += await sweepChanges(each, { before: now() - graceMs, stopping })
        if (documents > 0) log.info({ documents }, 'changes.swept')
        sweptAt = now()
      }
    } catch (error) {
      // the database or Kafka is away: what was not told stays where it is
      log.warn({ error: errorText(error) }, 'changes.sweep-failed')
    }
    await after(clearEveryMs, undefined, { signal: stopping }).catch(() => undefined)
  }
}
