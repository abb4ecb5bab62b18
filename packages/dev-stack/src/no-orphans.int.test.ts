import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { ownIdentity, processBorn } from './process/identity.ts'
import { endLeftovers } from './process/pid-record.ts'
import { startStack } from './start-stack.ts'

let stateDir: string
let holder: ChildProcess | undefined
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'varai-orphans-'))
})
afterEach(async () => {
  holder?.kill('SIGKILL')
  await rm(stateDir, { recursive: true, maxRetries: 20, retryDelay: 250 })
})

const held = z.object({ pids: z.array(z.number()) })

/** Another process that holds a stack and a service; resolves with the pids of all it started. */
async function hold(components: string[], detached = false): Promise<{ process: ChildProcess; pids: number[] }> {
  const script = join(import.meta.dirname, 'test-hold-stack.ts')
  const env = { ...process.env, VARAI_STACK_MODE: 'native' }
  holder = spawn(process.execPath, [script, stateDir, ...components], {
    env,
    detached,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (holder.stdout === null) throw new Error('no pipe')
  for await (const line of createInterface(holder.stdout)) {
    return { process: holder, pids: held.parse(JSON.parse(line)).pids }
  }
  throw new Error('the holder ended before its stack was up')
}

async function stillThere(pids: readonly number[]): Promise<number[]> {
  const born = await Promise.all(pids.map((pid) => processBorn(pid)))
  return pids.filter((_, at) => born[at] !== undefined)
}

const watchersOf = (pid: number): number[] =>
  execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([parent, child]) => (parent === pid && child !== undefined ? [child] : []))

test('all children go with a parent that is killed with SIGKILL, and the next start finds the data whole', async () => {
  const { process: parent, pids } = await hold(['kafka', 'registry', 'mongo', 'redis'])
  expect(pids).toHaveLength(5)
  const watchers = pids.flatMap(watchersOf)
  expect(watchers.length).toBeGreaterThanOrEqual(5)
  parent.kill('SIGKILL')
  await vi.waitFor(async () => expect(await stillThere([...pids, ...watchers])).toEqual([]), { timeout: 30_000 })

  const next = await startStack({ stateDir, mode: 'native' })
  await next.stop()
}, 180_000)

test('Ctrl-C in a terminal reaches the parent, not the children, and they go after it', async () => {
  const { process: parent, pids } = await hold(['redis', 'mongo'], true)
  const [, ...components] = pids
  process.kill(-(parent.pid ?? 0), 'SIGINT') // what a terminal does: to the whole foreground group
  await once(parent, 'exit')
  await vi.waitFor(async () => expect(await stillThere(components)).toEqual([]), { timeout: 20_000 })
}, 60_000)

test('what outlived its starter and its watcher is recognised at the next start and ended', async () => {
  const { process: parent, pids } = await hold(['redis', 'mongo'])
  for (const watcher of pids.flatMap(watchersOf)) process.kill(watcher, 'SIGKILL')
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  expect(await stillThere(pids)).toEqual(pids)

  const told: string[] = []
  const next = await startStack({
    stateDir,
    mode: 'native',
    components: ['redis', 'mongo'],
    progress: ({ about, text }) => about === 'stack' && told.push(text),
  })
  expect(await stillThere(pids)).toEqual([])
  expect(told).toContainEqual(expect.stringMatching(/^ending mongo \(\d+\), left by an earlier run$/))
  await next.stop()
}, 60_000)

test('a recorded pid that belongs to someone else by now is left alone', async () => {
  const innocent = spawn('sleep', ['60'], { detached: true })
  try {
    await mkdir(join(stateDir, 'pids'))
    const born = `${await processBorn(innocent.pid ?? 0)} long before`
    const owner = { ...(await ownIdentity()), born: 'gone' }
    const record = { name: 'mongo', process: { pid: innocent.pid, born }, owner }
    await writeFile(join(stateDir, 'pids', 'mongo.json'), JSON.stringify(record))
    await endLeftovers(stateDir, () => expect.unreachable('nothing was left over'))
    expect(await processBorn(innocent.pid ?? 0)).toBeDefined()
    expect(await readdir(join(stateDir, 'pids'))).toEqual([])
  } finally {
    innocent.kill('SIGKILL')
  }
})
