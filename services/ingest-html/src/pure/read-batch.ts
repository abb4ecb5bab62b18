import { type Failure, parseLossless, type Translation } from '@varai/ingest/pure'
import { z } from 'zod'
import { plainNumbers } from './plain-numbers.ts'
import { time } from './shape/words.ts'

/** Largest body and longest list of either endpoint. 64 KiB is what a browser lets a page leave behind. */
export const limitsOf = {
  server: { maxBytes: 5 * 1024 * 1024, maxEvents: 500 },
  browser: { maxBytes: 64 * 1024, maxEvents: 50 },
} as const

/** Deeper than any event of ours. */
const maxDepth = 32

const eventList = (speaker: 'server' | 'browser') => z.array(z.unknown()).min(1).max(limitsOf[speaker].maxEvents)
export const serverEnvelope = z.object({ events: eventList('server') })
export const browserEnvelope = z.object({
  key: z.string().min(1).max(128).optional().describe('The publishable key, where the address does not carry it.'),
  sentAt: time.describe("The page's own clock when it sends: all its times are read by it."),
  events: eventList('browser'),
})

/** One event as it came: `given` for reading, `exact` with all its digits, for keeping. */
export type GivenItem = { readonly given: unknown; readonly exact: unknown }
export type Batch = { readonly items: readonly GivenItem[] }
export type Beacon = Batch & { readonly key?: string | undefined; readonly sentAt: number }

/** A body of a server → its events, each still unread. */
export function readServerBatch(bytes: Buffer): Translation<Batch> {
  return readEnvelope(bytes, limitsOf.server.maxBytes, serverEnvelope, (_, items) => ({ items }))
}

/** A body of a browser, whatever type it says it has. */
export function readBeacon(bytes: Buffer): Translation<Beacon> {
  return readEnvelope(bytes, limitsOf.browser.maxBytes, browserEnvelope, ({ key, sentAt }, items) => ({
    key,
    sentAt,
    items,
  }))
}

function readEnvelope<E extends { readonly events: readonly unknown[] }, T>(
  bytes: Buffer,
  maxBytes: number,
  envelope: z.ZodType<E>,
  make: (read: E, items: GivenItem[]) => T,
): Translation<T> {
  const body = parseLossless(bytes, { maxBytes, maxDepth })
  if (!body.ok) return { ok: false, failures: [{ path: '', reason: body.reason }] }
  const read = envelope.safeParse(plainNumbers(body.value))
  if (!read.success) return { ok: false, failures: failuresOf(read.error) }
  const exact = eventsIn(body.value)
  const items = read.data.events.map((given, index) => ({ given, exact: exact[index] }))
  return { ok: true, value: make(read.data, items), leftOut: [] }
}

function eventsIn(body: unknown): readonly unknown[] {
  return typeof body === 'object' && body !== null && 'events' in body && Array.isArray(body.events) ? body.events : []
}

/** More say nothing new. */
const mostFailures = 20

/** What zod found wrong, without the values. */
export const failuresOf = (error: z.ZodError): Failure[] =>
  error.issues.slice(0, mostFailures).map((issue) => ({
    path: pathOf(issue.path),
    reason: issue.message.replace(/^Invalid input: /, ''),
  }))

const pathOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('')
