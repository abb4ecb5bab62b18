import { createHash } from 'node:crypto'
import { type Enclosed, parseLossless, type Reader, read, readText, type Unpacked } from '@varai/ingest/pure'
import { itemsOf } from './items.ts'

/**
 * The events of a request that Adobe signed: one CloudEvent, or a list of them. Adobe signs for everybody who uses it,
 * and anybody may have it deliver to any address: only what it addresses to the store's own client is the store's.
 * What cannot be read is kept, under what its bytes are; Adobe does not make such.
 */
export function unpackEvents(rawBody: Buffer, clientId: string): Unpacked {
  const deliveries: Enclosed[] = []
  const refused: string[] = []
  for (const bytes of itemsOf(rawBody) ?? [rawBody]) {
    const event = parseLossless(bytes)
    const isOurs = !event.ok || isFor(clientId, read(event.value))
    if (isOurs) deliveries.push(event.ok ? enclosed(read(event.value), bytes) : unreadable(bytes))
    else refused.push(notAddressed)
  }
  if (deliveries.length === 0 && refused.length > 0) return { ok: false, answer: 401, reason: notAddressed }
  return { ok: true, deliveries, refused }
}

const notAddressed = "not addressed to the store's Adobe client"

/** Adobe names the recipient in two spellings; one that says something else is none of ours. */
function isFor(clientId: string, event: Reader): boolean {
  const named = ['recipient_client_id', 'recipientclientid'].filter((key) => event.states(key))
  return named.length > 0 && named.every((key) => event.readable(key, readText) === clientId)
}

/** An event keeps its `event_id` when it is delivered again. */
function enclosed(event: Reader, rawBody: Buffer): Enclosed {
  const named = ['event_id', 'eventid', 'id'].map((key) => event.readable(key, readText))
  const deliveryId = named.find((id) => id !== undefined && /^[\w.:-]{1,200}$/.test(id)) ?? contentId(rawBody)
  return { deliveryId, topic: topicOf(event), triggeredAt: event.readable('time', readText), rawBody }
}

/** What was watched, e.g. `sales_order_save_commit_after`; shops may put a name of their own before it. */
function topicOf(event: Reader): string {
  const type = event.readable('type', readText) ?? ''
  return /^com\.adobe\.commerce\.(?:[\w-]+\.)*observer\.(\w{1,200})$/.exec(type)?.[1] ?? (type.slice(0, 200) || 'none')
}

const unreadable = (rawBody: Buffer): Enclosed => ({ deliveryId: contentId(rawBody), topic: 'unreadable', rawBody })

const contentId = (rawBody: Buffer): string => `content:${createHash('sha256').update(rawBody).digest('hex')}`
