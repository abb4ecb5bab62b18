import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { isAlive, ownIdentity, type ProcessIdentity } from './identity.ts'

const identity = z.object({ pid: z.number().int().positive(), born: z.string() })
const pidRecord = z.object({ name: z.string(), process: identity, owner: identity })
type PidRecord = z.infer<typeof pidRecord>

const folder = (stateDir: string) => join(stateDir, 'pids')
const fileOf = (stateDir: string, name: string) => join(folder(stateDir), `${name}.json`)

/** Notes that this process started `started`, so that a later run recognises it should it outlive us. */
export async function recordPid(stateDir: string, name: string, started: ProcessIdentity): Promise<void> {
  await mkdir(folder(stateDir), { recursive: true })
  const record: PidRecord = { name, process: started, owner: await ownIdentity() }
  const whole = fileOf(stateDir, name)
  await writeFile(`${whole}.new`, JSON.stringify(record))
  await rename(`${whole}.new`, whole)
}

export async function forgetPid(stateDir: string, name: string): Promise<void> {
  await rm(fileOf(stateDir, name), { force: true })
}

/**
 * Ends what an earlier run left behind (its starter is gone, it is not) and resolves when it is gone: a database must
 * have let go of its data folder before the next one opens it. A pid that was given to another process since, or whose
 * starter still lives, is left alone.
 */
export async function endLeftovers(stateDir: string, ended: (name: string, pid: number) => void): Promise<void> {
  const files = await readdir(folder(stateDir)).catch(() => [])
  const records = await Promise.all(
    files.filter((file) => file.endsWith('.json')).map((file) => readRecord(join(folder(stateDir), file))),
  )
  await Promise.all(records.map((record) => record && endLeftover(stateDir, record, ended)))
}

async function endLeftover(stateDir: string, record: PidRecord, ended: (name: string, pid: number) => void) {
  if (await isAlive(record.owner)) return // it looks after its process, and after the record
  if (await isAlive(record.process)) {
    ended(record.name, record.process.pid)
    await endGroup(record.process)
  }
  await forgetPid(stateDir, record.name)
}

async function readRecord(file: string): Promise<PidRecord | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  try {
    return pidRecord.parse(JSON.parse(text))
  } catch {
    // Half a record from a crash while writing: the guard beside each process has ended what it stood for.
    await rm(file, { force: true })
    return undefined
  }
}

/** SIGTERM, ten seconds of patience, SIGKILL, for a process and the group it leads. */
async function endGroup(leader: ProcessIdentity): Promise<void> {
  signalGroup(leader.pid, 'SIGTERM')
  for (let waited = 0; await isAlive(leader); waited += 50) {
    if (waited === 10_000) signalGroup(leader.pid, 'SIGKILL')
    if (waited >= 20_000) throw new Error(`process ${leader.pid} of an earlier run does not end, not even by SIGKILL`)
    await wait(50)
  }
}

/** Signals every process of the group that `pid` leads; does nothing when the group is gone. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
