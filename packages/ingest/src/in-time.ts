import type { Receipt } from './answer.ts'

/** The receipt, or after so many ms that there is none yet: then the work goes on all the same. */
export function inTime(receipt: Promise<Receipt>, withinMs: number): Promise<Receipt> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(resolve, withinMs, { kind: 'unavailable', reason: 'not acknowledged yet' })
    receipt.then(resolve, reject).finally(() => clearTimeout(late))
  })
}
