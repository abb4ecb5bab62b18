import { open } from 'node:fs/promises'

const mostBytes = 6_000
const mostLines = 25

/** The end of a log, from `since` (bytes) on: at most 25 lines, enough to see why a process ended. */
export async function logTail(file: string, since: number): Promise<string> {
  const log = await open(file, 'r').catch(() => undefined)
  if (log === undefined) return '(it wrote no log)'
  try {
    const { size } = await log.stat()
    const from = Math.max(since, size - mostBytes)
    const { buffer, bytesRead } = await log.read({ buffer: Buffer.alloc(Math.max(size - from, 0)), position: from })
    const text = buffer.subarray(0, bytesRead).toString('utf8').trimEnd()
    return text === '' ? '(it wrote no log)' : text.split('\n').slice(-mostLines).join('\n')
  } finally {
    await log.close()
  }
}

/** Whether the log says `text` anywhere after `since` (bytes). */
export async function logSays(file: string, since: number, text: string): Promise<boolean> {
  const log = await open(file, 'r').catch(() => undefined)
  if (log === undefined) return false
  try {
    const { size } = await log.stat()
    const { buffer } = await log.read({ buffer: Buffer.alloc(Math.max(size - since, 0)), position: since })
    return buffer.includes(text)
  } finally {
    await log.close()
  }
}
