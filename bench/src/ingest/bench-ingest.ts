import type { Bench, BenchOptions } from '../bench.ts'
import { type Result, ratio } from '../harness.ts'
import { speedTable } from '../report.ts'
import { withSystem } from '../with-system.ts'
import { names as http, measureHttp } from './measure-http.ts'
import { measurePublish, names as publish } from './measure-publish.ts'
import { simulatedDeliveries } from './shop.ts'

/** Deliveries or events of a round end it, or its time does. */
export type RoundSize = { readonly events: number; readonly withinMs: number }

const sizeOf = ({ events, quick }: BenchOptions): RoundSize =>
  quick ? { events: events ?? 1_000_000, withinMs: 700 } : { events: events ?? 1_000_000, withinMs: 3_000 }

/** All of it comes from one store. */
const env = { VARAI_STORE_RATE: '1000000' }

export const benchIngest: Bench = (options) =>
  withSystem({ ...options, services: ['ingest-shopify'], env }, async (system, close) => {
    const size = sizeOf(options)
    const few = await measurePublish(system, { ...options, ...size, callers: 64, close })
    const many = await measurePublish(system, { ...options, ...size, callers: 1_000, close })
    const deliveries = await measureHttp(system, { ...options, ...size, callers: 64, close })
    return {
      tables: [
        speedTable('Publish stage, 64 callers', few, publish.oneSend),
        speedTable('Publish stage, 1,000 callers', many, publish.oneSend),
        speedTable('Signed deliveries over HTTP, 64 at once', deliveries.results, http.oneSend),
      ],
      goals: [
        {
          what: 'publish stage, ours over one send per event',
          seen: ratio(few, publish.ours, publish.oneSend),
          atLeast: 8,
        },
        {
          what: 'end to end, ours over one send per event',
          seen: ratio(deliveries.results, http.ours, http.oneSend),
          atLeast: 1.8,
        },
        {
          what: 'end to end, ours over HTTP alone',
          seen: ratio(deliveries.results, http.ours, http.httpOnly),
          atLeast: 0.7,
        },
      ],
      notes: [
        `Rounds end after ${size.withinMs / 1000} s${options.events === undefined ? '' : ` or ${size.events} events`}; each contestant runs alone, in turns, after two rounds to warm up; medians of ${options.rounds}. All acknowledgements are those of all in-sync replicas (one broker).`,
        'Publish stage: each contestant in a process of its own, order events encoded beforehand, the same bytes. CPU and memory are of the process that publishes or serves.',
        ...notesOf('Publish stage', few),
        ...notesOf('HTTP', deliveries.results),
        ...describeCosts(deliveries.results),
        describeDeliveries(),
        `Broker, Redis, server and the process that sends share the machine's cores; the sender took ${deliveries.senderCores.toFixed(2)} cores at the fastest contestant, and what it takes the servers do not have.`,
      ],
      measured: { publish64: few, publish1000: many, http: deliveries },
    }
  })

const notesOf = (stage: string, results: readonly Result[]) =>
  results.flatMap(({ name, note }) => (note === undefined ? [] : [`${stage}, ${name}: ${note}.`]))

/** Where the time of a delivery goes, and what the goal beside HTTP alone would leave for all that is not HTTP. */
function describeCosts(results: readonly Result[]): string[] {
  const cpuOf = (name: string) => results.find((result) => result.name === name)?.median.cpuMicrosPerEvent ?? Number.NaN
  const micros = (value: number) => `${value.toFixed(0)} µs`
  const [httpOnly, json, noKafka, ours] = [
    cpuOf(http.httpOnly),
    cpuOf(http.json),
    cpuOf(http.noKafka),
    cpuOf(http.ours),
  ]
  return [
    `CPU of a delivery: ${micros(httpOnly)} for HTTP and the signature, ${micros(json - httpOnly)} to read its JSON, ${micros(noKafka - json)} to translate and encode it and for Redis, ${micros(ours - noKafka)} for Kafka. Ours is ${ratio(results, http.ours, http.noKafka).toFixed(2)} × as fast as ours without Kafka and ${ratio(results, http.ours, http.json).toFixed(2)} × HTTP and JSON.`,
    `A process is one thread: 0.7 × HTTP alone would leave ${micros(httpOnly / 0.7 - httpOnly)} for all that HTTP alone does not do, and to read the JSON takes ${micros(json - httpOnly)}. The goal is out of reach for one process that reads what it answers for; more of them share the work (replicas).`,
  ]
}

function describeDeliveries(): string {
  const deliveries = simulatedDeliveries(1_000)
  const bytes = deliveries.reduce((sum, { body }) => sum + body.length, 0) / deliveries.length
  const share = (topic: string) =>
    `${Math.round((100 * deliveries.filter((delivery) => delivery.topic.startsWith(topic)).length) / deliveries.length)} % ${topic}`
  const shares = ['orders', 'refunds', 'customers', 'products'].map(share).join(', ')
  return `Deliveries: the life of a simulated shop, ${(bytes / 1024).toFixed(1)} KiB on average (${shares}), each with a webhook id of its own; every one was answered 200.`
}
