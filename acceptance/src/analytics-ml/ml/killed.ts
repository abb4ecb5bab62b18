import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { nodeArgs, root } from '@varai/demo/system'
import { startService } from '@varai/dev-stack'
import { queueKey } from '@varai/ml-data'
import { waitUntil } from '@varai/testkit'
import { Redis } from 'ioredis'
import type { Db } from 'mongodb'
import type { Check } from '../../runner.ts'
import { watchMemory } from '../../system/resident-memory.ts'
import type { AnalyticsContext } from '../open-analytics.ts'
import { compareKept } from './linkage.ts'
import { queueRows } from './queue-rows.ts'
import { sayAll } from './say.ts'
import { collected, crowd, publishing, rowsMadeBy, shopsOf, trained } from './trained.ts'

const patienceMs = 10 * 60_000
const mebibyte = 2 ** 20
/** What a process may need for one page of rows after the other. */
const flat = 48 * mebibyte

const others = shopsOf('killed')

/** The collector and a worker die again and again, with rows in their hands; before that nobody takes any for a while. */
export const killed: Check<AnalyticsContext> = {
  title: 'collector and worker killed in turn: each row is handed over, none is lost; a full queue costs no memory',
  async run(context) {
    const { short, system, db } = context
    const of = await trained(context)
    const redis = new Redis(system.stack.addresses.redis.url)
    try {
      const full = await stayFull(context, redis, short ? 5_000 : 60_000)
      const another = crowd('killed', short ? 150 : 1_000, short, Date.parse(of.from))
      const told = publishing(context, (publisher) => sayAll(publisher, another, others))
      const { kills, files } = await killInTurn(context, short ? 3 : 20)
      await told
      await system.service('ml-collector').restart()
      await collected(context)
      const got = await drain(context, files)
      const rows = await db
        .collection<{ _id: string }>('ml_training_data')
        .find({}, { projection: { _id: 1 } })
        .toArray()
      const missing = rows.filter(({ _id }) => !got.ids.has(_id)).length
      const kept = await compareKept(context, await rowsMadeBy(context, another, others))
      return {
        holds: full.holds && rows.length > queueRows(short) && missing === 0 && kept.holds,
        figures: [
          full.figure,
          `killed: the collector ${kills} times and the worker ${kills} times`,
          `${rows.length} rows published, ${rows.length - missing} of them handed over at least once, in ${got.handOvers} hand-overs`,
          `of ${another.length} people told of meanwhile: ${kept.figure}`,
        ],
      }
    } finally {
      redis.disconnect()
    }
  },
}

/** The queue is full, more rows wait, and nobody takes any: what the collector needs meanwhile. */
async function stayFull({ system, db, short }: AnalyticsContext, redis: Redis, forMs: number) {
  const most = queueRows(short)
  const waiting = () => db.collection('ml_training_data').countDocuments({ 'handOver.state': 'due' })
  const size = () => redis.llen(queueKey)
  await waitUntil(async () => (await size()) === most, { what: 'a full queue', withinMs: patienceMs })
  const before = await waiting()
  const memory = await watchMemory(system.service('ml-collector').pid)
  const began = { at: performance.now(), bytes: memory.now }
  await waitUntil(() => performance.now() - began.at >= forMs, { withinMs: 2 * forMs, everyMs: 100 })
  const grown = memory.takePeak() - began.bytes
  memory.stop()
  const [held, still] = [await size(), await waiting()]
  return {
    holds: before > 0 && held === most && still === before && grown < flat,
    figure: `full for ${forMs / 1_000} s: ${held} rows in the queue, ${still} wait in the database, the collector's memory grew by ${(grown / mebibyte).toFixed(1)} MiB`,
  }
}

/** Kills both `kills` times, each after rows have moved. Resolves with the files that workers wrote. */
async function killInTurn({ system, db }: AnalyticsContext, kills: number) {
  await system.service('ml-collector').stop()
  await rm(stateDir, { recursive: true, force: true })
  await mkdir(stateDir, { recursive: true })
  const port = await freePort()
  const collector = await startService({
    ...{ name: 'ml-collector-killed', entry: join(root, 'services', 'ml-collector', 'src', 'main.ts'), port },
    ...{ nodeArgs: nodeArgs('ml-collector'), env: system.env, cwd: root, stateDir },
    // It counts as up as soon as it lives: its groups wait for the members that were killed before.
    readyUrl: `http://127.0.0.1:${port}/healthz`,
  })
  const files: string[] = []
  const handedOver = () => db.collection('ml_training_data').countDocuments({ 'handOver.state': 'done' })
  try {
    for (let nth = 0; nth < kills; nth += 1) {
      const noted = await handedOver()
      const file = join(stateDir, `worker-${nth}.jsonl`)
      files.push(file)
      const worker = await startWorker(system.env, file)
      // Either of them did something, or there is nothing left to do: then it dies idle.
      const moved = async () => (await idsIn(file)).length > 0 || (await handedOver()) > noted || (await isDry(db))
      await waitUntil(moved, { what: 'rows that move', withinMs: patienceMs })
      worker.kill('SIGKILL')
      await once(worker, 'exit')
      await collector.kill()
      await collector.restart()
    }
  } finally {
    await collector.stop()
  }
  return { kills, files }
}

/** Hands over what is left, and adds up what all workers printed. */
async function drain({ system, db }: AnalyticsContext, files: readonly string[]) {
  const file = join(stateDir, 'worker-last.jsonl')
  const worker = await startWorker(system.env, file)
  await waitUntil(() => isDry(db), { what: 'every row is acknowledged', withinMs: patienceMs, everyMs: 100 })
  worker.kill('SIGTERM')
  await once(worker, 'exit')
  const ids = (await Promise.all([...files, file].map(idsIn))).flat()
  return { ids: new Set(ids), handOvers: ids.length }
}

const isDry = async (db: Db): Promise<boolean> =>
  (await db.collection('ml_training_data').countDocuments({ 'handOver.state': { $ne: 'done' } })) === 0

const stateDir = join(root, '.varai', 'acceptance', 'killed')
const cli = join(root, 'packages', 'cli', 'src', 'main.ts')

/** `varai ml work`, with what it prints in a file. */
async function startWorker(env: NodeJS.ProcessEnv, file: string): Promise<ChildProcess> {
  const out = await open(file, 'w')
  const worker = spawn(process.execPath, [cli, 'ml', 'work', '--visible-after', '2'], {
    env,
    stdio: ['ignore', out.fd, 'ignore'],
  })
  await once(worker, 'spawn')
  await out.close()
  return worker
}

/** The rows in a worker's file; the last line may have been cut off. */
async function idsIn(file: string): Promise<string[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1)
  return lines.map((line) => (JSON.parse(line) as { id: string }).id)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}
