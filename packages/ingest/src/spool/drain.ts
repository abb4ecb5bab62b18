import { setTimeout as after } from 'node:timers/promises'
import { errorText, type Logger } from '@varai/runtime'
import type { Spool } from './spool.ts'

/** What became of an entry. */
export type Worked =
  | { readonly kind: 'done' }
  /** Something that this entry's key alone needs is away; the others go on. */
  | { readonly kind: 'later'; readonly afterMs?: number | undefined }
  /** Something that every entry needs is away. */
  | { readonly kind: 'outage' }

export type Draining = {
  /** What every entry needs is away: nothing is tried until it is likely back. */
  outage(): void
  /** Whether an outage is on. */
  readonly waits: boolean
  /** Takes no more, and resolves when what was begun is ended. */
  stop(): Promise<void>
}

export type DrainOptions = {
  readonly spool: Spool
  /** Must be safe to repeat: after a crash what was not yet marked comes again. A rejection counts as `later`. */
  readonly work: (bytes: Buffer) => Promise<Worked>
  readonly log: Logger
  /** Keys that are worked on at once. */
  readonly concurrency?: number
  /** First and longest pause after a failure, ms; they double in between. */
  readonly pauses?: { readonly first: number; readonly longest: number; readonly longestOutage: number }
}

const usualPauses = { first: 500, longest: 5 * 60_000, longestOutage: 5_000 }

/**
 * Works off a spool: keys side by side, the entries of one key in their order. During an outage one entry at a time is
 * tried, with pauses; the first that succeeds ends it.
 */
export function drain({ spool, work, log, concurrency = 16, pauses = usualPauses }: DrainOptions): Draining {
  const stopping = new AbortController()
  const ready = new Set<string>()
  const resting = new Map<string, number>()
  const begun = new Set<Promise<void>>()
  let outages = 0
  let nextTry: NodeJS.Timeout | undefined

  /** Half of it at least, so that many processes do not come back at once. */
  const pause = (failures: number, longest: number): number =>
    Math.min(pauses.first * 2 ** Math.min(failures, 20), longest) * (0.5 + Math.random() / 2)

  function next(): void {
    if (stopping.signal.aborted || nextTry !== undefined) return
    const room = outages > 0 ? 1 : concurrency
    for (const key of ready) {
      if (begun.size >= room) return
      ready.delete(key)
      const one: Promise<void> = workOff(key).finally(() => {
        begun.delete(one)
        next()
      })
      begun.add(one)
    }
  }

  async function workOff(key: string): Promise<void> {
    const entry = spool.head(key)
    if (entry === undefined) return
    const worked = await attempt(entry)
    switch (worked.kind) {
      case 'done':
        outages = 0
        resting.delete(key)
        if (spool.holds(key)) ready.add(key)
        return
      case 'outage':
        ready.add(key)
        return outage()
      case 'later':
        return rest(key, worked.afterMs)
      default:
        return worked satisfies never
    }
  }

  async function attempt(entry: NonNullable<ReturnType<Spool['head']>>): Promise<Worked> {
    try {
      const bytes = await spool.read(entry)
      if (bytes === undefined) {
        log.error({ file: entry.segment.path, offset: entry.offset }, 'spool.entry-lost: the file is kept aside')
        await spool.done(entry, true)
        return { kind: 'done' }
      }
      const worked = await work(bytes)
      if (worked.kind === 'done') await spool.done(entry)
      return worked
    } catch (error) {
      log.error({ reason: errorText(error) }, 'spool.work-failed')
      return { kind: 'later' }
    }
  }

  function rest(key: string, afterMs: number | undefined): void {
    const failures = resting.get(key) ?? 0
    resting.set(key, failures + 1)
    const ms = Math.min(Math.max(afterMs ?? 0, pause(failures, pauses.longest)), pauses.longest)
    after(ms, undefined, { signal: stopping.signal, ref: false }).then(
      () => {
        ready.add(key)
        next()
      },
      () => undefined,
    )
  }

  function outage(): void {
    if (nextTry !== undefined || stopping.signal.aborted) return
    nextTry = setTimeout(
      () => {
        nextTry = undefined
        next()
      },
      pause(outages, pauses.longestOutage),
    ).unref()
    outages += 1
  }

  spool.onWaiting((key) => {
    // A key that rests is not woken by a new entry: it queues behind the one that has to wait.
    if (resting.has(key)) return
    ready.add(key)
    next()
  })
  for (const key of spool.keys()) ready.add(key)
  next()

  return {
    outage,
    get waits() {
      return outages > 0
    },
    async stop() {
      stopping.abort()
      clearTimeout(nextTry)
      await Promise.all(begun)
    },
  }
}
