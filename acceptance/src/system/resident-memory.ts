import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const sampleEveryMs = 50

export type MemoryWatch = {
  /** Bytes at the last look, and the most since the watch began or was last asked for its peak. */
  readonly now: number
  takePeak(): number
  stop(): void
}

/** Resident bytes of a process. Rejects when there is none. */
async function residentBytes(pid: number): Promise<number> {
  if (process.platform !== 'linux') {
    const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)])
    return Number(stdout) * 1024
  }
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
}

/** Looks at the resident memory of a process again and again until it is stopped, or the process is gone. */
export async function watchMemory(pid: number): Promise<MemoryWatch> {
  let now = await residentBytes(pid)
  let peak = now
  let watching = true
  const look = async () => {
    try {
      now = await residentBytes(pid)
    } catch {
      return
    }
    peak = Math.max(peak, now)
    if (watching) setTimeout(look, sampleEveryMs)
  }
  setTimeout(look, sampleEveryMs)
  return {
    get now() {
      return now
    },
    takePeak() {
      const taken = peak
      peak = now
      return taken
    },
    stop() {
      watching = false
    },
  }
}
