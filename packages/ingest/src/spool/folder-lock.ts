import { readFile, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** The folder belongs to a process that is alive. */
export class FolderTaken extends Error {
  override name = 'FolderTaken'
}

/**
 * Makes this process the only one that works in the folder; resolves with what gives it back. The lock of a process
 * that died is taken over. Rejects with FolderTaken while its owner lives, or while it is on another host and nobody can
 * tell: then the folder has to be this process's own, or the file `lock` in it removed by hand.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'lock')
  const mine = JSON.stringify({ pid: process.pid, host: hostname() })
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      await writeFile(file, mine, { flag: 'wx', mode: 0o600 })
      return () => rm(file, { force: true })
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error
    }
    const owner = ownerIn(await readFile(file, 'utf8').catch(() => ''))
    if (owner !== undefined && isAlive(owner)) {
      throw new FolderTaken(`${folder} is in use by process ${owner.pid} on ${owner.host}`)
    }
    await rm(file, { force: true })
  }
  throw new FolderTaken(`${folder} is being taken by other processes`)
}

type Owner = { readonly pid: number; readonly host: string }

/** Undefined for what a crash cut off: whoever wrote it is gone. */
function ownerIn(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Partial<Owner> | null
    return typeof owner?.pid === 'number' && typeof owner.host === 'string'
      ? { pid: owner.pid, host: owner.host }
      : undefined
  } catch {
    return undefined
  }
}

/** In a container that was restarted the pid of the dead process is our own. */
function isAlive({ pid, host }: Owner): boolean {
  if (host !== hostname()) return true
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isCode(error, 'EPERM')
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
