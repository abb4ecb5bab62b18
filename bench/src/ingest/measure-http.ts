import { join } from 'node:path'
import { nodeArgs, root, type System } from '@varai/demo/system'
import { type Service, startService } from '@varai/dev-stack'
import type { z } from 'zod'
import type { BenchOptions } from '../bench.ts'
import { type Load, loadMeasure } from '../closed-loop.ts'
import { type Contestant, type Result, runInterleaved } from '../harness.ts'
import { watchUsage } from '../process-usage.ts'
import { startWorker } from '../worker.ts'

export const names = {
  ours: 'ours',
  oneSend: 'one send per event',
  httpOnly: 'HTTP alone',
  json: 'HTTP and JSON',
  noKafka: 'ours without Kafka',
} as const

type Peer = {
  readonly name: string
  readonly id: string
  readonly entry: string
  readonly args: string[]
  readonly note: string
}
const peers: readonly Peer[] = [
  {
    ...{ name: names.oneSend, id: 'one-send', entry: 'ingest/serve-shell.ts', args: ['one-send'] },
    note: 'our service, but publishing with an awaited kafkajs send for each event, idempotent as ours is',
  },
  {
    ...{ name: names.httpOnly, id: 'http-only', entry: 'peers/serve-http-only.ts', args: [] },
    note: 'express reads the body and checks the signature, nothing else: no JSON, no Redis, no Kafka',
  },
  {
    ...{ name: names.json, id: 'http-json', entry: 'peers/serve-http-only.ts', args: ['json'] },
    note: 'as HTTP alone, and the JSON is read with every digit kept: the least that whoever translates it has to do',
  },
  {
    ...{ name: names.noKafka, id: 'no-kafka', entry: 'ingest/serve-shell.ts', args: ['no-kafka'] },
    note: 'our service to the encoded event, acknowledged by nobody: what reading, translating and Redis cost',
  },
]

type Round = Load & { readonly url: string }

/** Signed deliveries over HTTP, each answered before its sender sends the next. */
export async function measureHttp(
  system: System,
  options: BenchOptions & Load & { readonly close: (stop: () => Promise<unknown>) => void },
): Promise<{ results: Result[]; senderCores: number }> {
  const { events, withinMs, callers, rounds, progress, stateDir, close } = options
  progress(`deliveries over HTTP, ${callers} at once`)
  const start = async ({ id, entry, args, name, note }: Peer) => {
    const file = join(root, 'bench', 'src', entry)
    const service = await startService(
      { name: id, entry: file, args, nodeArgs: nodeArgs('ingest-shopify'), env: system.env, cwd: root, stateDir },
      options.signal,
    )
    close(service.stop)
    return { name, note, service }
  }
  const sender = await startWorker<Round, z.infer<typeof loadMeasure>>(
    join(import.meta.dirname, 'generate-load.ts'),
    [],
    {
      answers: loadMeasure,
    },
  )
  close(sender.stop)
  const servers = [
    { name: names.ours, service: system.service('ingest-shopify') },
    ...(await Promise.all(peers.map(start))),
  ]

  let senderCores = 0
  const contestantOf = ({ service, ...about }: { name: string; note?: string; service: Service }): Contestant => ({
    ...about,
    async round() {
      const [usage, sending] = [await watchUsage(service.pid), await watchUsage(sender.pid)]
      const url = `${service.url}/webhooks/shopify`
      const measure = await sender.ask({ url, events, withinMs, callers }, withinMs + 60_000)
      const { cpuMs = 0 } = await sending()
      senderCores = Math.max(senderCores, cpuMs / measure.wallMs)
      return { ...measure, ...(await usage()) }
    },
  })
  return { results: await runInterleaved(servers.map(contestantOf), { rounds, warmUp: 2, progress }), senderCores }
}
