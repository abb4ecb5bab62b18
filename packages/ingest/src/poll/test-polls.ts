import { createLog, createMetrics } from '@varai/runtime'
import type { LeaseStore } from '@varai/runtime/leases'
import type { StoreFacts } from '../pure/index.ts'
import { keepingPublisher } from '../test-shell.ts'
import { keepPolling, type PollKind, type PollOptions, type PollPage } from './index.ts'

/** A store whose documents are `{ id, at, note }`; one with a note `bad` cannot be understood. */
export type Document = { readonly id: string; readonly at: number; readonly note: string }

export const storeOf = (id: string): StoreFacts => ({ platform: 'woocommerce', merchantId: 'm1', id, currency: 'EUR' })

/** Pages of documents as an answer of the store; `cursor` is that of the last document. */
export function pageOf(documents: readonly Document[], more: Partial<PollPage> = {}): PollPage {
  const last = documents.at(-1)
  return {
    answeredAt: 2_000_000_000_000,
    ...(last && { cursor: { at: last.at, id: last.id } }),
    ...more,
    entries: documents.map((document) => ({
      ...{ id: document.id, at: document.at, document },
      translation:
        document.note === 'bad'
          ? { ok: false, failures: [{ path: 'note', reason: 'is bad' }] }
          : {
              ok: true,
              leftOut: [],
              value: [
                {
                  ...{ record: 'OrderStated', eventName: 'order_updated', entityId: document.id },
                  ...{ platformAt: document.at, facts: { note: document.note } },
                },
              ],
            },
    })),
  }
}

/** Leases as the database holds them, in memory. */
export function memoryLeases(now: () => number) {
  const held = new Map<string, { token: number; until: number; dueAt: number; state?: unknown }>()
  const leases: LeaseStore = {
    async claim(id, leaseMs) {
      const found = held.get(id) ?? { token: 0, until: 0, dueAt: 0 }
      if (found.until > now() || found.dueAt > now()) {
        return { kind: 'not now', until: Math.max(found.until, found.dueAt), state: found.state }
      }
      const token = found.token + 1
      held.set(id, { ...found, token, until: now() + leaseMs })
      return { kind: 'claimed', lease: { id, token, state: found.state } }
    },
    async hold({ id, token }, leaseMs, state) {
      const found = held.get(id)
      if (found?.token !== token) return false
      held.set(id, { ...found, until: now() + leaseMs, ...(state && { state: structuredClone(state) }) })
      return true
    },
    async release({ id, token }, dueAt, state) {
      const found = held.get(id)
      if (found?.token !== token) return false
      held.set(id, { token, until: 0, dueAt, state: structuredClone(state) })
      return true
    },
  }
  return { leases, held }
}

/** A process that polls, with everything but the lease in memory. */
export function startPolling(
  options: Pick<PollOptions<StoreFacts>, 'leases'> & {
    readonly kinds: readonly PollKind<StoreFacts>[]
    readonly stores?: readonly StoreFacts[]
  } & Partial<Omit<PollOptions<StoreFacts>, 'stores'>>,
) {
  const publisher = keepingPublisher()
  const stop = new AbortController()
  const lines: string[] = []
  const metrics = createMetrics('ingest-test')
  const { stores, ...rest } = options
  const polling = keepPolling<StoreFacts>({
    ...{ publisher, service: 'ingest-test', metrics, stopping: stop.signal, after: Promise.resolve() },
    vault: { setAside: async () => 'payload:0', sealRaw: async (_, bytes) => Buffer.from(bytes) },
    log: createLog({ service: 'test', level: 'debug', destination: { write: (line) => void lines.push(line) } }),
    ...{ everyMs: 60_000, overlapMs: 10_000, tickMs: 5, random: () => 0.5, ...rest },
    stores: () => stores ?? [storeOf('https://one.example')],
  })
  return {
    ...{ publisher, polling, lines, metrics },
    eventIds: () => publisher.published.map(({ value }) => ('eventId' in value ? value.eventId : '')),
    async stop() {
      stop.abort()
      await polling.done
    },
  }
}
