/** What a store's server answered. */
export type RawAnswer = {
  readonly status: number
  /** Names in lower case. */
  readonly headers: { get(name: string): string | null }
  readonly body: Buffer
}

/**
 * ms to wait by a `Retry-After` header: seconds, which some write with a fraction ("2.0"), or an HTTP date. Undefined
 * where it says nothing that can be read.
 */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d{1,6}(?:\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000)
  const at = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

/** The store's own time of an answer, in whole seconds; undefined where the host does not say. */
export function storeTimeOf(headers: RawAnswer['headers']): number | undefined {
  const at = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(at) || at < 0 ? undefined : at
}
