import { setTimeout as after } from 'node:timers/promises'
import { serviceNames } from '@varai/demo/system'
import type { Bench } from '../bench.ts'
import { watchUsage } from '../process-usage.ts'
import { withSystem } from '../with-system.ts'

/** After the start: code is compiled, groups are joined, first fetches are done. */
const settleMs = 15_000

/** What everything of ours takes while nothing happens. */
export const benchIdle: Bench = (options) =>
  withSystem({ ...options, services: serviceNames }, async (system) => {
    const watchMs = options.quick ? 5_000 : 30_000
    options.progress(`waiting ${settleMs / 1000} s for the start to be over, then watching ${watchMs / 1000} s`)
    await after(options.quick ? 3_000 : settleMs, undefined, { signal: options.signal })
    const { addresses } = system.stack
    const components = Object.entries(addresses).map(([name, { pid }]) => ({ name, pid, ours: false }))
    const services = Object.values(system.services).map(({ name, pid }) => ({ name, pid, ours: true }))
    const watched = await Promise.all(
      [...services, ...components].flatMap(({ name, pid, ours }) =>
        pid === undefined ? [] : watchUsage(pid).then((usage) => ({ name, ours, usage })),
      ),
    )
    const began = performance.now()
    await after(watchMs, undefined, { signal: options.signal })
    const wallMs = performance.now() - began
    const measured = await Promise.all(
      watched.map(async ({ name, ours, usage }) => {
        const { cpuMs = Number.NaN, peakRssMiB = Number.NaN } = await usage()
        return { name, ours, percent: (100 * cpuMs) / wallMs, peakRssMiB }
      }),
    )
    const all = measured.filter(({ ours }) => ours)
    const percent = all.reduce((sum, one) => sum + one.percent, 0)
    const memory = all.reduce((sum, one) => sum + one.peakRssMiB, 0)
    const rows = measured.map((one) => [
      one.ours ? one.name : `${one.name} (not ours)`,
      one.percent.toFixed(2),
      one.peakRssMiB.toFixed(0),
    ])
    return {
      tables: [
        {
          title: `CPU and memory without traffic, ${watchMs / 1000} s`,
          head: ['', '% of a core', 'peak MiB'],
          rows: [...rows, ['all services together', percent.toFixed(2), memory.toFixed(0)]],
        },
      ],
      goals: [{ what: `idle CPU of all ${all.length} services together`, seen: percent, unit: ' %', below: 3 }],
      notes: [
        'CPU as the kernel counts it, user and system, in steps of 10 ms for each process. Components run natively and are not part of the goal.',
      ],
      measured,
    }
  })
