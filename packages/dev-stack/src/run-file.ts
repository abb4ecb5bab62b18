import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { StackAddresses } from './addresses.ts'

const pid = z.number().int().positive()
const addresses = {
  kafka: z.object({ brokers: z.array(z.string()).min(1), pid: pid.exactOptional() }),
  registry: z.object({ url: z.string(), pid: pid.exactOptional() }),
  mongo: z.object({ url: z.string(), database: z.string(), pid: pid.exactOptional() }),
  redis: z.object({ url: z.string(), pid: pid.exactOptional() }),
}
const runFile = z.object({
  ...addresses,
  /** ISO 8601. */
  startedAt: z.string(),
  /** Of the process that started it all, and with whose end all ends. */
  pid,
  services: z.record(z.string(), z.object({ url: z.string(), pid })),
})

/** What runs at this moment and where, for the command line, for tests and for people. */
export type RunFile = z.infer<typeof runFile>

export const runFilePath = (stateDir: string): string => join(stateDir, 'run.json')

/** Writes `<stateDir>/run.json` in one step: a reader sees the whole old one or the whole new one. */
export async function writeRunFile(
  stateDir: string,
  run: StackAddresses & { services?: RunFile['services']; startedAt?: string; pid?: number },
): Promise<RunFile> {
  const whole = runFile.parse({ startedAt: new Date().toISOString(), pid: process.pid, services: {}, ...run })
  await mkdir(stateDir, { recursive: true })
  const file = runFilePath(stateDir)
  await writeFile(`${file}.${process.pid}.new`, `${JSON.stringify(whole, null, 2)}\n`)
  await rename(`${file}.${process.pid}.new`, file)
  return whole
}

/**
 * What runs on this state folder; undefined when nothing does, also when a crash left the file behind. `file` may also
 * name the run.json itself. Throws when the file is not one of ours.
 */
export async function readRunFile(stateDirOrFile: string): Promise<RunFile | undefined> {
  const file = stateDirOrFile.endsWith('.json') ? stateDirOrFile : runFilePath(stateDirOrFile)
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const read = runFile.safeParse(parseJson(text))
  if (!read.success) throw new Error(`${file} is not a run file: ${z.prettifyError(read.error)}`)
  return isThere(read.data.pid) ? read.data : undefined
}

export async function removeRunFile(stateDir: string): Promise<void> {
  await rm(runFilePath(stateDir), { force: true })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' // there, but someone else's
  }
}
