import { setTimeout as after } from 'node:timers/promises'

/** What a shop is asked for on a clock and does not tell by itself. */
const kinds = ['orders', 'customers', 'products', 'stock'] as const
/** As long as anybody waits for a poll. */
const patienceMs = 120_000

/** Resolves when each kind of entity of a store was polled once, or when that takes too long: the comparison tells. */
export async function polled(url: string, store: string, signal: AbortSignal): Promise<void> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  while (!(await isPolled(url, store, signal)) && !until.aborted) {
    await after(200, undefined, { signal: until }).catch(() => undefined)
  }
  signal.throwIfAborted()
}

async function isPolled(url: string, store: string, signal: AbortSignal): Promise<boolean> {
  const metrics = await (await fetch(`${url}/metrics`, { signal })).text()
  const seen = metrics.split('\n').filter((line) => line.includes('poll_last_success') && line.includes(`"${store}"`))
  return kinds.every((kind) => seen.some((line) => line.includes(`kind="${kind}"`)))
}
