import { setTimeout as after } from 'node:timers/promises'

/** Resolves when no delivery waits on the disk of the service any more; rejects when the signal says so. */
export async function spoolEmpty(url: string, signal: AbortSignal): Promise<void> {
  while (!/^varai_\w+_spooled_deliveries(?:\{.*\})? 0$/m.test(await metricsOf(url, signal))) {
    await after(100, undefined, { signal })
  }
}

const metricsOf = async (url: string, signal: AbortSignal): Promise<string> =>
  (await fetch(`${url}/metrics`, { signal })).text()
