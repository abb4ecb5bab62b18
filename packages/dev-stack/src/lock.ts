import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'

const holder = z.object({ pid: z.number() })

/** Another live stack uses this state folder. */
export class StateDirInUse extends Error {
  override readonly name = 'StateDirInUse'
  readonly stateDir: string
  /** Undefined in the instant between taking the lock and writing one's pid. */
  readonly pid: number | undefined

  constructor(stateDir: string, pid: number | undefined) {
    const who = pid === undefined ? 'another process' : `process ${pid}`
    super(`A stack already runs on ${stateDir}, started by ${who}. Stop that one first, or use another state folder.`)
    this.stateDir = stateDir
    this.pid = pid
  }
}

/**
 * Holds the state folder for this process until `release`, or until the process ends in whatever way: the lock is
 * SQLite's, which is the kernel's, so none is ever left over from a crash and no pid has to be guessed about.
 * Throws {@link StateDirInUse} when another holds it.
 */
export function lockStateDir(stateDir: string): { release(): void } {
  mkdirSync(stateDir, { recursive: true })
  // Two files: while the lock is held nobody can read its file, and who holds it must be readable.
  const note = new DatabaseSync(join(stateDir, 'lock-holder.db'))
  const lock = new DatabaseSync(join(stateDir, 'lock.db'))
  try {
    note.exec('PRAGMA busy_timeout = 2000; CREATE TABLE IF NOT EXISTS holder (pid INTEGER)')
    if (!lockedNow(lock)) {
      const row = note.prepare('SELECT pid FROM holder').get()
      throw new StateDirInUse(stateDir, row === undefined ? undefined : holder.parse(row).pid)
    }
    note.exec(`BEGIN; DELETE FROM holder; INSERT INTO holder VALUES (${process.pid}); COMMIT`)
  } catch (error) {
    lock.close()
    throw error
  } finally {
    note.close()
  }
  return { release: () => (lock.isOpen ? lock.close() : undefined) }
}

function lockedNow(lock: DatabaseSync): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if (error instanceof Error && error.message.includes('locked')) return false
    throw error
  }
}
