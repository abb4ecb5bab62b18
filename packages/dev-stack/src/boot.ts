import { rm } from 'node:fs/promises'
import { z } from 'zod'
import { type Choice, type Component, components, type Found, type How } from './addresses.ts'
import { choose, describeChoice, type Plan, variables } from './choose.ts'
import { findEngine } from './docker/engine.ts'
import { addressFrom, answers } from './environment.ts'
import { findCacheDir } from './install/cache.ts'
import { ensureTools } from './install/tools.ts'
import type { Site } from './native/recipe.ts'
import { dataDirOf, recipes, startNative } from './native/start.ts'
import { endLeftovers } from './process/pid-record.ts'
import type { ProgressEvent, Report } from './progress.ts'
import type { Died, Running } from './running.ts'
import type { StackOptions } from './start-stack.ts'

/** One or more components could not be had; the message names each with its reason. */
export class StackFailed extends AggregateError {
  override readonly name = 'StackFailed'
}

type Engine = NonNullable<Awaited<ReturnType<typeof findEngine>>>
type Boot = { site: Site; engine: Engine | undefined; fresh: boolean; died: Died }

/** The work of `startStack`, which holds the lock. */
export async function boot(options: StackOptions, lock: { release(): void }) {
  const { stateDir, env = process.env, progress = () => undefined, fresh = false } = options
  const reportOn =
    (about: ProgressEvent['about']): Report =>
    (kind, text) =>
      progress({ about, kind, text })
  await endLeftovers(stateDir, (name, pid) =>
    reportOn('stack')('note', `ending ${name} (${pid}), left by an earlier run`),
  )

  const wanted = components.filter((component) => (options.components ?? components).includes(component))
  const mode = options.mode ?? modeIn(env)
  const engine = mayUseDocker(wanted, env, mode) ? await findEngine() : undefined
  const plans = wanted.map((component) => ({
    component,
    plan: choose(component, { env, docker: engine !== undefined, mode }),
  }))

  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => undefined) // whoever cares awaits it; nobody has to
  const died: Died = (component, error) => {
    reportOn(component)('note', error.message)
    failure.reject(error)
  }

  // One that fails spares the others the rest of their downloads.
  const giveUp = new AbortController()
  const signal = AbortSignal.any([giveUp.signal, ...(options.signal ? [options.signal] : [])])
  const site: Site = { stateDir, env, signal, cacheDir: await findCacheDir(env, stateDir), report: reportOn('stack') }
  await ensureNativeTools(plans, site)

  const running = new Map<Component, Running>()
  const failures: Error[] = []
  await Promise.all(
    plans.map(async ({ component, plan }) => {
      try {
        const report = reportOn(component)
        running.set(component, await start(component, plan, { site: { ...site, report }, engine, fresh, died }))
      } catch (error) {
        // Those that end because of another's failure have nothing to say of their own.
        if (!signal.aborted) failures.push(named(component, error))
        giveUp.abort(new Error('given up, because another component failed'))
      }
    }),
  )

  const stop = once(async () => {
    for (const component of components) {
      if (!running.has(component)) continue
      reportOn(component)('stopping', 'stopping')
      await running.get(component)?.stop()
    }
    lock.release()
  })
  if (running.size < wanted.length) {
    await stop()
    options.signal?.throwIfAborted()
    throw new StackFailed(failures, failures.map(({ message }) => message).join('\n'))
  }

  const one = (component: Component): Running => {
    const found = running.get(component)
    if (found === undefined) throw new Error(`${component} is not part of this stack`)
    return found
  }
  const chosen: Partial<Record<Component, Choice>> = {}
  for (const component of wanted) chosen[component] = one(component).choice
  return {
    get addresses(): Found {
      return Object.assign({}, ...wanted.map((component) => one(component).address()))
    },
    chosen,
    failure: failure.promise,
    stop,
    kill: (component: Component, sent: NodeJS.Signals = 'SIGKILL') => one(component).kill(sent),
    restart: (component: Component) => one(component).restart(),
  }
}

const modes = z.enum(['environment', 'docker', 'native'])

function modeIn(env: NodeJS.ProcessEnv): How | undefined {
  const wish = env['VARAI_STACK_MODE']
  if (!wish) return undefined
  const mode = modes.safeParse(wish)
  if (!mode.success) throw new Error(`VARAI_STACK_MODE must be one of ${modes.options.join(', ')}`)
  return mode.data
}

/** Whether the engine need be asked at all: that loads a large library. */
function mayUseDocker(wanted: readonly Component[], env: NodeJS.ProcessEnv, mode: How | undefined): boolean {
  return mode === 'docker' || (mode === undefined && wanted.some((component) => !env[variables[component]]))
}

/** All at once and before any download: apt-get allows one at a time, and what is missing is best heard of together. */
async function ensureNativeTools(plans: readonly { component: Component; plan: Plan }[], site: Site): Promise<void> {
  const natives = plans.filter(({ plan }) => plan.how === 'native')
  const needed = await Promise.all(natives.map(({ component }) => recipes[component].needs(site)))
  await ensureTools([...new Set(needed.flat())], site.env, site.report, site.signal)
}

async function start(component: Component, plan: Plan, { site, engine, fresh, died }: Boot): Promise<Running> {
  const { report } = site
  switch (plan.how) {
    case 'environment': {
      const address = addressFrom(component, plan.value, site.env)
      report('chosen', describeChoice(plan))
      if (!(await answers(address))) throw new Error(`nothing answers at the address in ${plan.detail}`)
      report('ready', 'answers')
      return fromEnvironment(component, address, plan)
    }
    case 'docker': {
      if (engine === undefined) throw new Error('no Docker engine answers')
      report('chosen', describeChoice(plan))
      const { startContainer } = await import('./docker/start.ts')
      return startContainer(component, { ...site, engine, fresh })
    }
    case 'native':
      if (fresh) await rm(dataDirOf(site.stateDir, component), { recursive: true, force: true })
      return startNative(component, site, died)
  }
}

function fromEnvironment(component: Component, address: Found, { how, detail }: Choice): Running {
  const notOurs = async () => {
    throw new Error(`${component} was given by ${detail}: this stack did not start it and does not end it`)
  }
  return {
    choice: { how, detail },
    address: () => address,
    stop: async () => undefined,
    kill: notOurs,
    restart: notOurs,
  }
}

function named(component: Component, error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error)
  return new Error(message.startsWith(component) ? message : `${component}: ${message}`, { cause: error })
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= work()
    return done
  }
}
