import { setTimeout as after } from 'node:timers/promises'
import { createLog, type Logger, logLevelFrom } from './log.ts'
import { StartRefused } from './start-refused.ts'

export type Lifecycle = {
  readonly log: Logger
  /**
   * What to do when the service stops, registered as soon as the thing that needs stopping exists. Steps run one
   * after another, the newest first. One that takes longer than `withinMs` (4 s unless told) is named and left behind.
   */
  onStop(name: string, step: () => unknown, withinMs?: number): void
  /** Aborts as soon as a stop was asked for; long starts and waits should end then. */
  readonly stopping: AbortSignal
  /** Something the service cannot work without is gone for good: logs it, stops in order, exits with 1. */
  fail(error: unknown): void
}

type StopStep = { readonly name: string; readonly step: () => unknown; readonly withinMs: number }

/** Orchestrators kill after a grace period; everything together ends before the shortest usual one of 10 s. */
const stopBudgetMs = 8_500
const stepBoundMs = 4_000
/** How long a start that is under way may take to notice that it must end. */
const startGraceMs = 2_000

/**
 * Runs a service until it is told to stop, and ends the process: 0 after a clean stop (SIGTERM, SIGINT, SIGHUP; further
 * signals while stopping are ignored, because terminals, npm and supervisors send several), 1 when the start failed,
 * a stop step failed or overran, or nobody caught an error. The whole stop takes less than 10 s.
 */
export function runService(options: {
  readonly name: string
  /** Opens things in order and registers for each how to stop it. Resolves when the service works. */
  readonly start: (lifecycle: Lifecycle) => Promise<void>
  readonly log?: Logger
}): void {
  const log = options.log ?? createLog({ service: options.name, level: logLevelFrom(process.env) })
  const steps: StopStep[] = []
  const stopAsked = new AbortController()
  let exitCode = 0
  let stopped = false

  const stop = (why: string, code: 0 | 1): void => {
    exitCode ||= code
    if (stopAsked.signal.aborted) return
    stopAsked.abort()
    void shutDown(why)
  }

  async function shutDown(why: string): Promise<void> {
    const begun = performance.now()
    const remaining = () => stopBudgetMs - (performance.now() - begun)
    log.info({ why, steps: steps.length }, 'service.stopping')
    await Promise.race([started, after(startGraceMs, undefined, { ref: false })])
    const took: Record<string, number> = {}
    // A start that is still under way may register more while we stop; those are stopped too.
    for (let next = steps.pop(); next !== undefined; next = steps.pop()) {
      const stepBegun = performance.now()
      if (!(await runStep(next, Math.max(0, Math.min(next.withinMs, remaining())), log))) exitCode = 1
      took[next.name] = Math.round(performance.now() - stepBegun)
    }
    stopped = true
    log.info({ exitCode, tookMs: Math.round(performance.now() - begun), steps: took }, 'service.stopped')
    exit(exitCode)
  }

  const die = (error: unknown, what: string): void => {
    log.fatal({ err: error }, what)
    exit(1)
  }
  process.on('uncaughtException', (error) => die(error, 'service.uncaught-exception'))
  process.on('unhandledRejection', (reason) => die(reason, 'service.unhandled-rejection'))
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!stopped) stop(signal, 0)
    })
  }

  const lifecycle: Lifecycle = {
    log,
    stopping: stopAsked.signal,
    onStop: (name, step, withinMs = stepBoundMs) => void steps.push({ name, step, withinMs }),
    fail(error) {
      log.fatal({ err: error }, 'service.failed')
      stop('failed', 1)
    },
  }

  const started = begin()
  async function begin(): Promise<void> {
    const begun = performance.now()
    try {
      await options.start(lifecycle)
      if (!stopAsked.signal.aborted) log.info({ tookMs: Math.round(performance.now() - begun) }, 'service.started')
    } catch (error) {
      if (stopAsked.signal.aborted) return // a start that was told to end may end by throwing
      if (error instanceof StartRefused) process.stderr.write(`${options.name}: ${error.message}\n`)
      log.fatal({ err: error }, 'service.start-failed')
      stop('start failed', 1)
    }
  }
}

/** True when the step ended in time and did not throw. */
async function runStep(step: StopStep, withinMs: number, log: Logger): Promise<boolean> {
  const done = new AbortController()
  const overrun = Symbol('overrun')
  const timer = after(withinMs, overrun, { signal: done.signal })
  try {
    if ((await Promise.race([Promise.resolve().then(step.step), timer])) !== overrun) return true
    log.error({ step: step.name, withinMs: Math.round(withinMs) }, 'service.stop-step-overran')
  } catch (error) {
    log.error({ step: step.name, err: error }, 'service.stop-step-failed')
  } finally {
    timer.catch(() => undefined)
    done.abort()
  }
  return false
}

/** Ends the process even when something still holds the event loop open. */
function exit(code: number): void {
  process.exit(code)
}
