import type { IncomingHttpHeaders } from 'node:http'

/** Node gives lists only for headers that nobody sends here. */
export function singleHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const single: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') single[name] = value
  return single
}

/** A trace context that is none is not passed on. */
export function traceOf({ traceparent }: Readonly<Record<string, string>>): string | undefined {
  return /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/.test(traceparent ?? '') ? traceparent : undefined
}
