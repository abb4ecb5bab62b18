import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type ContainerRuntimeClient, GenericContainer } from 'testcontainers'
import type { Component } from '../addresses.ts'
import { images } from '../choose.ts'
import { pickPort } from '../process/port.ts'
import { type Report, seconds } from '../progress.ts'
import type { Running } from '../running.ts'
import { type ContainerPlan, planContainer } from './plan.ts'

type Place = { stateDir: string; fresh: boolean; engine: ContainerRuntimeClient; report: Report; signal: AbortSignal }

const readyWithinMs = 120_000

/**
 * Starts the component as a container and resolves when it answers. The host's port is fixed, so that it stays the same
 * over a restart, and the data lives in a named volume that belongs to this state folder. testcontainers' reaper ends
 * the container when this process goes without a word.
 */
export async function startContainer(component: Component, place: Place): Promise<Running> {
  const { engine, report, signal } = place
  const began = Date.now()
  const host = engine.info.containerRuntime.host
  const port = await pickPort(place.stateDir, `docker-${component}`)
  const plan = planContainer(component, host, port)
  const volume = volumeOf(place.stateDir, component)
  if (place.fresh) await removeVolume(engine, volume)

  report('starting', `starting ${plan.image} (its first start downloads the image)`)
  const planned = new GenericContainer(plan.image)
    .withEnvironment(plan.env)
    .withExposedPorts({ container: plan.port, host: port })
    .withBindMounts([{ source: volume, target: plan.dataFolder, mode: 'rw' }])
    .withStartupTimeout(readyWithinMs)
    .withCommand(plan.command)
  const container = await (plan.user === undefined ? planned : planned.withUser(plan.user)).start()
  try {
    await untilReady(component, plan, signal)
  } catch (error) {
    await container.stop()
    throw error
  }
  report('ready', `ready on ${plan.listens} in ${seconds(Date.now() - began)}`)

  return {
    choice: { how: 'docker', detail: images[component] },
    address: () => plan.address,
    async stop() {
      await container.stop({ timeout: 15_000 })
    },
    async kill(sent) {
      await engine.container.getById(container.getId()).kill({ signal: sent })
    },
    async restart() {
      await container.restart({ timeout: 15_000 })
      await untilReady(component, plan, signal)
    },
  }
}

/** Docker's volumes are one space for the whole machine, so the state folder's path is part of the name. */
const volumeOf = (stateDir: string, component: Component) =>
  `varai-${createHash('sha256').update(resolve(stateDir)).digest('hex').slice(0, 12)}-${component}`

async function removeVolume(engine: ContainerRuntimeClient, name: string): Promise<void> {
  await engine.container.dockerode
    .getVolume(name)
    .remove()
    .catch((error: unknown) => {
      const unknown = error instanceof Error && 'statusCode' in error && error.statusCode === 404
      if (!unknown) throw error
    })
}

async function untilReady(component: Component, plan: ContainerPlan, signal: AbortSignal) {
  const giveUp = Date.now() + readyWithinMs
  while (!(await plan.ready().catch(() => false))) {
    signal.throwIfAborted()
    if (Date.now() > giveUp)
      throw new Error(`${component}: its container answers nothing after ${readyWithinMs / 1000} s`)
    await wait(100)
  }
}
