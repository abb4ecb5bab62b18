import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pRetry from 'p-retry'
import type { Component } from '../addresses.ts'
import { pickPort } from '../process/port.ts'
import { ProcessEnded, superviseProcess } from '../process/supervise.ts'
import { seconds } from '../progress.ts'
import type { Died, Running } from '../running.ts'
import { kafkaRecipe } from './kafka.ts'
import { mongoRecipe } from './mongo.ts'
import type { Recipe, Site } from './recipe.ts'
import { redisRecipe } from './redis.ts'
import { registryRecipe } from './registry.ts'

export const recipes: Record<Component, Recipe> = {
  kafka: kafkaRecipe,
  registry: registryRecipe,
  mongo: mongoRecipe,
  redis: redisRecipe,
}

export const dataDirOf = (stateDir: string, component: Component): string => join(stateDir, 'data', component)

/** Installs the component if needed, starts it as a process of our own and resolves when it answers. */
export async function startNative(component: Component, site: Site, died: Died): Promise<Running> {
  const recipe = recipes[component]
  const installed = await recipe.install(site)
  site.signal.throwIfAborted()
  const began = Date.now()
  const dataDir = dataDirOf(site.stateDir, component)
  const logFile = join(site.stateDir, 'logs', `${component}.log`)
  await mkdir(dataDir, { recursive: true })
  await keepFormerLog(logFile)

  const start = async () => {
    const launch = await installed.launch(dataDir, (name) => pickPort(site.stateDir, name))
    site.report('starting', `starting ${installed.detail}, natively, on ${launch.listens}`)
    const supervised = await superviseProcess(
      {
        name: component,
        command: launch.command,
        args: launch.args,
        cwd: dataDir,
        env: { ...site.env, ...launch.env },
        stateDir: site.stateDir,
        logFile,
        ready: (from) => launch.ready({ file: logFile, from }),
        readyWithinMs: recipe.readyWithinMs,
        stopWithinMs: recipe.stopWithinMs,
        died: (error) => died(component, error),
      },
      site.signal,
    )
    return { supervised, launch }
  }
  const { supervised, launch } = await pRetry(start, {
    retries: 2,
    minTimeout: 100,
    // The signal is left to superviseProcess, which ends what it started before it rejects.
    // Between our look at the port and its bind another program may have taken it.
    shouldRetry: ({ error }) =>
      !site.signal.aborted && error instanceof ProcessEnded && /address already in use/i.test(error.logTail),
  })
  site.report('ready', `ready on ${launch.listens} in ${seconds(Date.now() - began)}`)

  return {
    choice: { how: 'native', detail: installed.detail },
    address: () => launch.address(supervised.pid),
    async stop() {
      await supervised.stop()
    },
    kill: (signal) => supervised.kill(signal),
    restart: () => supervised.restart(),
  }
}

/** One former log is kept: after a crash the first thing people do is to start again. */
export async function keepFormerLog(logFile: string): Promise<void> {
  await rm(`${logFile}.former`, { force: true })
  await rename(logFile, `${logFile}.former`).catch(() => undefined)
}
