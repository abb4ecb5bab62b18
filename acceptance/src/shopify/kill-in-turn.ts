import type { System } from '@varai/demo/system'
import { waitUntil } from '@varai/testkit'

const victims = ['ingest-shopify', 'sync-core', 'kafka'] as const
type Victim = (typeof victims)[number]

/**
 * Kills ingest, sync-core and Kafka in turn (SIGKILL) and starts each again before the next, spread evenly over the
 * work. `progress` says how much of it is done, from 0 to 1. Resolves with how often each was killed before the end.
 */
export async function killInTurn(
  system: System,
  times: number,
  progress: () => number,
): Promise<Readonly<Record<Victim, number>>> {
  const killed = { 'ingest-shopify': 0, 'sync-core': 0, kafka: 0 }
  for (let time = 0; time < times; time += 1) {
    const due = (time + 1) / (times + 1)
    await waitUntil(() => progress() >= due, { what: `${Math.round(due * 100)} % of the work`, withinMs: 600_000 })
    if (progress() >= 1) break
    const victim = victims[time % victims.length] ?? 'kafka'
    await killOnce(system, victim)
    killed[victim] += 1
  }
  return killed
}

async function killOnce(system: System, victim: Victim): Promise<void> {
  if (victim !== 'kafka') {
    await system.service(victim).kill('SIGKILL')
    return system.service(victim).restart()
  }
  await system.stack.kill('kafka', 'SIGKILL')
  return system.stack.restart('kafka')
}
