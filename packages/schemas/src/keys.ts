/** The parts of an id are joined with this; store ids and platform ids never need it, and are refused with it. */
const separator = '|'

/** True when the text can be a part of an id: not empty, no separator, no control characters, at most 512 long. */
export function isIdPart(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.length > 0 && text.length <= 512 && !/[|\u0000-\u001f\u007f]/.test(text)
}

function join(...parts: readonly string[]): string {
  const bad = parts.find((part) => !isIdPart(part))
  if (bad !== undefined) throw new RangeError(`not part of an id: ${JSON.stringify(bad.slice(0, 80))}`)
  return parts.join(separator)
}

/** `_id` of a record: merchant|platform|store|the store's own id. Throws RangeError on a part that cannot be one. */
export const recordId = (of: { merchantId: string; source: string; storeId: string; entityId: string }): string =>
  join(of.merchantId, of.source, of.storeId, of.entityId)

/** Kafka key of an event: all statements of one record lie in one partition, in the order they were published. */
export const eventKey = (of: {
  merchantId: string
  entityType: string
  source: string
  storeId: string
  entityId: string
}): string => join(of.merchantId, of.entityType, of.source, of.storeId, of.entityId)

/** Id of an event, the same at every redelivery. `index` counts the events of one delivery from 0. */
export const deliveryEventId = (of: { source: string; storeId: string; deliveryId: string }, index: number): string =>
  join(of.source, of.storeId, of.deliveryId, String(index))

/** Id of the payment of an order: derived from every statement that says paid, so it is counted once. */
export const paymentEventId = (of: { source: string; storeId: string; orderId: string }): string =>
  join(of.source, of.storeId, of.orderId, 'paid')

/**
 * Id of a statement that the store made when it was asked because of another event. Asked again about the same state
 * (`platformAt` is the state's own time) it is the same event; another state is another event.
 */
export const fetchedEventId = (of: { causeEventId: string; platformAt: number }, index: number): string =>
  `${of.causeEventId}${separator}${join('fetched', String(of.platformAt), String(index))}`

/**
 * Id of a statement that was read from the store on a clock: `kind` is what was polled, `entityId` the document that was
 * read, `platformAt` the time of its state. The same state read again is the same event.
 */
export const polledEventId = (
  of: { source: string; storeId: string; kind: string; entityId: string; platformAt: number },
  index: number,
): string => join(of.source, of.storeId, of.kind, of.entityId, String(of.platformAt), String(index))

/**
 * Stands for the cause of what a store states when it was asked because it had said different things at one time. The
 * same for an entity whichever of them showed it, so that what it answers is one event, however often it is asked.
 */
export const tieEventId = (of: { source: string; storeId: string; entityType: string; entityId: string }): string =>
  join(of.source, of.storeId, of.entityType, of.entityId, 'tie')

/** Whether an event is what the store answered when it was asked, for its own sake or on a clock. */
export const isAnswerId = (eventId: string): boolean => eventId.split(separator).length > partsOfDelivery
const partsOfDelivery = 4

/** Names a request to ask the store; `key` is that of the entity. The same question, the same id. */
export const fetchRequestId = (key: string, of: { reason: string; platformAt: number }): string =>
  `${key}${separator}${join(of.reason, String(of.platformAt))}`
