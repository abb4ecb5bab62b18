import { setTimeout as after } from 'node:timers/promises'

/**
 * Resolves with the first truthy answer of `condition`, asked again every `everyMs` (20 ms unless told). A condition
 * that throws is asked again too. Rejects after `withinMs` (20 s unless told), naming `what` and the last error.
 */
export async function waitUntil<T>(
  condition: () => T | Promise<T>,
  options: { readonly what?: string; readonly withinMs?: number; readonly everyMs?: number } = {},
): Promise<NonNullable<T>> {
  const withinMs = options.withinMs ?? 20_000
  const end = performance.now() + withinMs
  let lastError: unknown
  do {
    try {
      const answer = await condition()
      if (answer) return answer
      lastError = undefined
    } catch (error) {
      lastError = error
    }
    await after(options.everyMs ?? 20)
  } while (performance.now() < end)
  throw new Error(`not within ${withinMs} ms: ${options.what ?? 'the condition'}`, { cause: lastError })
}
