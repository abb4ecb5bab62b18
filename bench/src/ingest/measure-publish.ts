import { join } from 'node:path'
import type { System } from '@varai/demo/system'
import type { BenchOptions } from '../bench.ts'
import { type Load, loadMeasure } from '../closed-loop.ts'
import { type Contestant, type Result, runInterleaved } from '../harness.ts'
import { watchUsage } from '../process-usage.ts'
import { startWorker } from '../worker.ts'

export const names = {
  ours: 'ours',
  oneSend: 'one send per event',
  notIdempotent: 'one send per event, not idempotent',
} as const

const contestants = [
  { name: names.ours, way: 'ours' },
  {
    name: names.oneSend,
    way: 'one-send',
    note: 'kafkajs, idempotent as ours is; it then has one request at a time under way',
  },
  {
    name: names.notIdempotent,
    way: 'one-send-not-idempotent',
    note: 'kafkajs without idempotence: many requests at once, and a retry may write an event twice or out of order',
  },
]

/** Callers that publish one event after the other, each waiting for its acknowledgement. */
export async function measurePublish(
  system: System,
  options: BenchOptions & Load & { readonly close: (stop: () => Promise<unknown>) => void },
): Promise<Result[]> {
  const { events, withinMs, callers, rounds, progress } = options
  progress(`publish stage, ${callers} callers`)
  const running: Contestant[] = []
  const workers = await Promise.all(
    contestants.map(({ way }) =>
      startWorker<Load, ReturnType<typeof loadMeasure.parse>>(join(import.meta.dirname, 'publish-worker.ts'), [way], {
        answers: loadMeasure,
        env: system.env,
      }),
    ),
  )
  for (const worker of workers) options.close(worker.stop)
  for (const [index, { name, note }] of contestants.entries()) {
    const worker = workers[index]
    if (worker === undefined) continue
    running.push({
      name,
      ...(note === undefined ? {} : { note }),
      async round() {
        const usage = await watchUsage(worker.pid)
        const measure = await worker.ask({ events, withinMs, callers }, withinMs + 60_000)
        return { ...measure, ...(await usage()) }
      },
    })
  }
  const results = await runInterleaved(running, { rounds, warmUp: 2, progress })
  for (const worker of workers) await worker.stop()
  return results
}
