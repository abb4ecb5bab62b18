import type { Envelope, RecordName, RecordOf } from '@varai/schemas'
import { printable } from './printable.ts'

/** A decoded record and where it lies. */
export type ShownEvent = { topic: string; partition: number; offset: string } & {
  [N in RecordName]: { record: N; value: RecordOf<N> }
}[RecordName]

/**
 * One line for a terminal: when, lane, what, whose, which record, the gist. No control characters; nothing personal
 * unless asked for, and then only who it is about.
 */
export function eventLine(event: ShownEvent, showPersonal = false): string {
  const lane = event.topic.split('.').at(-1) ?? ''
  const place = `${event.partition}@${event.offset}`
  if (!isEvent(event)) return [lane, event.record, place].join('  ')
  const { value } = event
  const parts = [
    new Date(value.platformAt).toISOString(),
    lane.padEnd(6),
    value.eventName.padEnd(22),
    `${value.merchantId} ${value.source} ${value.storeId}`,
    `${value.entityType} ${value.entityId}`,
    gist(event),
    showPersonal ? person(event) : '',
    value.origin === 'webhook' ? '' : `(${value.origin})`,
  ]
  return printable(parts.filter((part) => part !== '').join('  '))
}

type EventRecord = Extract<ShownEvent, { value: Envelope }>
const isEvent = (event: ShownEvent): event is EventRecord => 'eventName' in event.value

function gist(event: EventRecord): string {
  switch (event.record) {
    case 'OrderStated': {
      const { name, total, currency, status, cancelledAt, items } = event.value
      return words(name, amount(total, currency), status, cancelledAt !== null && 'cancelled', counted(items, 'line'))
    }
    case 'ProductStated':
      return words(quoted(event.value.title), event.value.status, counted(event.value.variants, 'variant'))
    case 'CustomerStated':
      return words(event.value.state, event.value.acceptsMarketing && 'accepts marketing')
    case 'InventoryStated':
      return words(event.value.sku, `${event.value.available ?? '?'} available`)
    case 'EntityDeleted': {
      const { childId, reason, terminal, confirmed } = event.value
      return words(childId && `part ${childId}`, reason, terminal && 'for good', !confirmed && 'to be confirmed')
    }
    case 'AiSessionStated':
      return words(event.value.outcome, event.value.conversionResult)
    case 'FaceAnalysed':
      return words(event.value.consentLevel)
    case 'RecommendationsGenerated':
      return words(event.value.algorithm, counted(event.value.items, 'item'))
    case 'Interaction':
      return words(event.value.interactionType, event.value.sku ?? event.value.productId)
    case 'ConsentStated':
      return words(event.value.level)
    case 'StoreStated':
      return words(event.value.state)
    case 'AggregationRequested':
      return words(event.value.reason)
    case 'PrivacyRequested':
      return words(event.value.kind, event.value.scope)
    default:
      return event satisfies never
  }
}

function person(event: EventRecord): string {
  switch (event.record) {
    case 'CustomerStated':
      return words(event.value.firstName, event.value.lastName, event.value.email, event.value.phone)
    case 'OrderStated':
    case 'PrivacyRequested':
      return words(event.value.email, event.value.phone)
    case 'AiSessionStated':
    case 'ConsentStated':
      return words(event.value.email)
    default:
      return ''
  }
}

const words = (...parts: readonly (string | null | false | undefined)[]): string =>
  parts.filter((part) => part !== null && part !== undefined && part !== false && part !== '').join(' ')
const amount = (total: string | null, currency: string | null): string | null =>
  total === null ? null : words(total, currency)
const counted = (list: readonly unknown[] | null, what: string): string | null =>
  list === null ? null : `${list.length} ${what}${list.length === 1 ? '' : 's'}`
const quoted = (text: string | null): string | null => text && `“${text}”`
