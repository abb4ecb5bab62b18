import { execFile } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A pid alone says little: it is given out again after its process ends. Together with the birth it names one process. */
export type ProcessIdentity = { pid: number; born: string }

/**
 * When the process was born, as an opaque text that no other process with that pid ever has; undefined when there is
 * none. A zombie counts as gone: it holds no port and no file, and under an init that never reaps it stays for ever.
 */
export async function processBorn(pid: number): Promise<string | undefined> {
  return process.platform === 'linux' ? bornOnLinux(pid) : bornElsewhere(pid)
}

export async function ownIdentity(): Promise<ProcessIdentity> {
  return { pid: process.pid, born: (await processBorn(process.pid)) ?? 'unknown' }
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await processBorn(identity.pid)) === identity.born
}

/** Ticks since boot count only within one boot, and pids only within one pid namespace (containers). */
const bootAndNamespace = () =>
  `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`

async function bornOnLinux(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  // The second field is the program's name in brackets and may itself hold spaces and brackets.
  const [state, ...rest] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
  if (state === undefined || state === 'Z' || state === 'X') return undefined
  const startTicks = rest[18]
  return `${bootAndNamespace()} ${startTicks}`
}

async function bornElsewhere(pid: number): Promise<string | undefined> {
  const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  const [, state, started] = /^\s*(\S+)\s+(.+?)\s*$/.exec(stdout) ?? []
  return state === undefined || state.startsWith('Z') ? undefined : started
}
