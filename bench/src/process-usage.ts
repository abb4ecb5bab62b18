import { readFile, writeFile } from 'node:fs/promises'

/** What a process took; left out where the system does not tell (anything but Linux). */
export type Usage = {
  /** User and system time, ms, to the kernel's 10 ms. */
  readonly cpuMs?: number
  /** Largest resident memory meanwhile. */
  readonly peakRssMiB?: number
}

/** Starts to watch a process; the function it resolves with tells what was taken since. */
export async function watchUsage(pid: number): Promise<() => Promise<Usage>> {
  // "5" makes the kernel begin anew with the largest resident memory.
  await writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => undefined)
  const before = await cpuMsOf(pid)
  return async () => {
    const after = await cpuMsOf(pid)
    const peakRssMiB = peakRssIn(await textOf(pid, 'status'))
    return {
      ...(before === undefined || after === undefined ? {} : { cpuMs: after - before }),
      ...(peakRssMiB === undefined ? {} : { peakRssMiB }),
    }
  }
}

const cpuMsOf = async (pid: number) => cpuMsIn(await textOf(pid, 'stat'))
const textOf = (pid: number, file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')

/** Linux counts in hundredths of a second whatever its own clock does. */
const msPerTick = 10

/** CPU time in `/proc/<pid>/stat`. The program's name in brackets may hold anything, brackets too. */
export function cpuMsIn(stat: string): number | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [user, system] = [Number(fields[11] ?? Number.NaN), Number(fields[12] ?? Number.NaN)]
  return Number.isFinite(user + system) ? (user + system) * msPerTick : undefined
}

/** Peak of the resident memory in `/proc/<pid>/status`. */
export function peakRssIn(status: string): number | undefined {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return kib === undefined ? undefined : Number(kib) / 1024
}
