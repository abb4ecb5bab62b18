import { closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { spawnGuarded } from './guard.ts'
import { processBorn } from './identity.ts'
import { logTail } from './log-tail.ts'
import { forgetPid, recordPid, signalGroup } from './pid-record.ts'

export type ProcessSpec = {
  name: string
  command: string
  args: readonly string[]
  cwd: string
  env: NodeJS.ProcessEnv
  /** Where its pid is recorded, so that a later run recognises it as left over. */
  stateDir: string
  logFile: string
  /** Asked every 50 ms until true. `logFrom`: where in the log file this start's lines begin, in bytes. */
  ready: (logFrom: number) => Promise<boolean>
  readyWithinMs: number
  /** Patience between SIGTERM and SIGKILL. */
  stopWithinMs: number
  /** Told of an exit that nobody asked for, once it had become ready. */
  died: (error: ProcessEnded) => void
}

export type Exit = {
  code: number | null
  signal: NodeJS.Signals | null
  /** Whether stop, kill or restart caused it. */
  wanted: boolean
  logTail: string
}

export type Supervised = {
  readonly pid: number
  /** Resolves when the process that `pid` names has ended, for whatever reason; never rejects. */
  readonly exited: Promise<Exit>
  /** SIGTERM, then SIGKILL for the whole group when it takes too long. Resolves when it is gone; harmless when it is. */
  stop(): Promise<Exit>
  /** Sends the signal and, unless it only pauses or continues, resolves when the process is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Stops it if it still runs, starts it anew with the same arguments and resolves when it is ready. */
  restart(): Promise<void>
}

/** A process ended without being asked, or before it was ready; the message carries the end of its log. */
export class ProcessEnded extends Error {
  override readonly name = 'ProcessEnded'
  readonly process: string
  readonly logTail: string

  constructor(process: string, what: string, logFile: string, tail: string) {
    super(`${process} ${what}. The end of its log (${logFile}):\n${tail.replaceAll(/^/gm, '  | ')}`)
    this.process = process
    this.logTail = tail
  }
}

type Life = {
  pid: number
  logFrom: number
  /** Settles when the pid record is written. */
  recorded: Promise<void>
  exited: Promise<Exit>
  unwanted: boolean
  ready: boolean
}

/** Starts the process and resolves when it is ready; throws {@link ProcessEnded} when it ends or stalls before that. */
export async function superviseProcess(spec: ProcessSpec, signal?: AbortSignal): Promise<Supervised> {
  let life = await live(spec, signal)

  const stop = async (): Promise<Exit> => {
    life.unwanted = false
    signalGroup(life.pid, 'SIGTERM')
    signalGroup(life.pid, 'SIGCONT') // one that a test had paused would never see the SIGTERM
    return within(life, spec.stopWithinMs)
  }
  return {
    get pid() {
      return life.pid
    },
    get exited() {
      return life.exited
    },
    stop,
    async kill(sent = 'SIGKILL') {
      if (sent === 'SIGSTOP' || sent === 'SIGCONT') return signalGroup(life.pid, sent)
      life.unwanted = false
      signalGroup(life.pid, sent)
      await within(life, spec.stopWithinMs)
    },
    async restart() {
      await stop()
      life = await live(spec)
    },
  }
}

async function live(spec: ProcessSpec, signal?: AbortSignal): Promise<Life> {
  const life = start(spec)
  await life.recorded
  await untilReady(spec, life, signal)
  life.ready = true
  return life
}

function start(spec: ProcessSpec): Life {
  mkdirSync(dirname(spec.logFile), { recursive: true })
  const log = openSync(spec.logFile, 'a')
  const logFrom = statSync(spec.logFile).size
  const child = spawnGuarded({ ...spec, log })
  closeSync(log)
  if (child.pid === undefined) throw new Error(`${spec.name} could not be started: ${spec.command} in ${spec.cwd}`)

  const exit = Promise.withResolvers<{ code: number | null; signal: NodeJS.Signals | null }>()
  child.once('exit', (code, signal) => exit.resolve({ code, signal }))
  child.once('error', () => exit.resolve({ code: null, signal: null }))
  const ended = async (): Promise<Exit> => {
    const { code, signal } = await exit.promise
    const tail = await logTail(spec.logFile, logFrom)
    // One that ends at once may do so before its record is written, which then must not outlive it.
    await recorded.catch(() => undefined)
    await forgetPid(spec.stateDir, spec.name)
    if (life.ready && life.unwanted) {
      spec.died(
        new ProcessEnded(spec.name, `ended unexpectedly (${signal ?? `exit code ${code}`})`, spec.logFile, tail),
      )
    }
    return { code, signal, wanted: !life.unwanted, logTail: tail }
  }
  const recorded = record(spec, child.pid)
  const life: Life = { pid: child.pid, logFrom, recorded, exited: ended(), unwanted: true, ready: false }
  return life
}

async function record({ stateDir, name }: ProcessSpec, pid: number): Promise<void> {
  const born = await processBorn(pid)
  if (born !== undefined) await recordPid(stateDir, name, { pid, born })
}

async function untilReady(spec: ProcessSpec, life: Life, signal?: AbortSignal): Promise<void> {
  const giveUp = Date.now() + spec.readyWithinMs
  let exit: Exit | undefined
  void life.exited.then((ended) => {
    exit = ended
  })
  while (!(await spec.ready(life.logFrom).catch(() => false))) {
    if (exit !== undefined) {
      const how = exit.signal ?? `exit code ${exit.code}`
      throw new ProcessEnded(spec.name, `ended before it was ready (${how})`, spec.logFile, exit.logTail)
    }
    if (signal?.aborted || Date.now() > giveUp) {
      const { logTail: tail } = await endNow(life)
      signal?.throwIfAborted()
      const patience = `${Math.round(spec.readyWithinMs / 1000)} s`
      throw new ProcessEnded(spec.name, `was not ready after ${patience} and was ended`, spec.logFile, tail)
    }
    await wait(50)
  }
}

async function endNow(life: Life): Promise<Exit> {
  life.unwanted = false
  signalGroup(life.pid, 'SIGKILL')
  return life.exited
}

async function within(life: Life, patienceMs: number): Promise<Exit> {
  const patience = new AbortController()
  const late = wait(patienceMs, 'late' as const, { signal: patience.signal }).catch(() => 'late' as const)
  const first = await Promise.race([life.exited, late])
  patience.abort()
  return first === 'late' ? endNow(life) : first
}
