import { setTimeout as after } from 'node:timers/promises'
import type { Receipt } from './answer.ts'

/** The receipt, or after so many ms that there is none yet: then the work goes on all the same. */
export async function inTime(receipt: Promise<Receipt>, withinMs: number): Promise<Receipt> {
  const given = new AbortController()
  const late = after(withinMs, undefined, { signal: given.signal }).then(
    (): Receipt => ({ kind: 'unavailable', reason: 'not acknowledged yet' }),
  )
  try {
    return await Promise.race([receipt, late])
  } finally {
    late.catch(() => undefined)
    given.abort()
  }
}
