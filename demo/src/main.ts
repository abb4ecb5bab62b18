// `npm start`: everything on this machine. The components, the services, a simulated shop, and the comparison of what
// is in the database with what the shop knows to be true.
import { join, resolve } from 'node:path'
import { createKafka } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { Command, InvalidArgumentError } from 'commander'
import { openShops, type Shops } from './open-shops.ts'
import { runDemo } from './run-demo.ts'
import { addressLines, createNarrator, resultLines } from './show.ts'
import { root, type System, startSystem } from './start-system.ts'

const { once, demo, fresh, deliveries, stateDir } = new Command('npm start --')
  .description('Runs the whole system on this machine until Ctrl-C.')
  .option('--once', 'end after the demo; exit code 0 only when all documents agree', false)
  .option('--no-demo', 'send nothing and wait for real traffic')
  .option('--fresh', 'begin with empty data', false)
  .option('--deliveries <count>', 'webhooks that the simulated Shopify shop makes', positive, 600)
  .option('--state-dir <path>', 'where data, logs and addresses of this run lie', join(root, '.varai'))
  .parse()
  .opts<{ once: boolean; demo: boolean; fresh: boolean; deliveries: number; stateDir: string }>()

function positive(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1 || count > 1_000_000) throw new InvalidArgumentError('1 to 1,000,000')
  return count
}

const say = createNarrator((line) => console.log(line))
const stopping = new AbortController()
// Terminals and npm may send the signal more than once; the stop under way is not disturbed by it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => stopping.abort(new Error(signal)))

const asked = new Promise<'asked'>((done) => stopping.signal.addEventListener('abort', () => done('asked')))

/** Resolves with the exit code, once everything has stopped. */
async function main(): Promise<number> {
  const folder = resolve(stateDir)
  const stores = resolve(root, process.env['VARAI_STORES'] ?? 'stores.yaml')
  const shops = demo ? await openShops(deliveries) : undefined
  try {
    const system = await startSystem({ stateDir: folder, stores, fresh, progress: say, signal: stopping.signal })
    try {
      return await Promise.race([work(system, folder, shops), system.failure])
    } finally {
      say('stopping …')
      await system.stop()
      say('stopped')
    }
  } finally {
    await shops?.close()
  }
}

async function work(system: System, folder: string, shops: Shops | undefined): Promise<number> {
  say('everything is ready:')
  for (const line of addressLines(system, folder)) console.log(line)
  let agreeing = true
  if (shops !== undefined) {
    const { brokers } = system.stack.addresses.kafka
    const kafka = createKafka({ brokers, clientId: 'demo' }, createLog({ service: 'demo', level: 'error' }))
    say('the simulated shops send their webhooks, each one to three times and out of order')
    const step = Math.max(1, Math.round(deliveries / 6))
    const sent = (count: number) => count % step === 0 && say(`${count} of ${deliveries} Shopify webhooks are out`)
    const result = await runDemo(system, kafka, shops, { signal: stopping.signal, sent })
    if (stopping.signal.aborted) return 1
    for (const line of resultLines(result)) say(line)
    agreeing = result.agreeing
  }
  if (once && demo) return agreeing ? 0 : 1
  say(`running until Ctrl-C${demo ? '' : '; waiting for deliveries'}`)
  await asked
  return agreeing ? 0 : 1
}

process.exitCode = await main().catch((error: unknown) => {
  if (stopping.signal.aborted) return 130
  console.error(error instanceof Error ? error.message : error)
  return 1
})
