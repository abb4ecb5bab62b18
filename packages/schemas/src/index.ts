export { type Incompatibility, incompatibilities } from './compatibility.ts'
export { addDecimals, canonicalDecimal, logicalTypes } from './decimal.ts'
export {
  type ConsentLevel,
  type EntityType,
  type EventKind,
  type EventName,
  type EventType,
  eventKind,
  eventTable,
  type Lane,
  lanes,
  type Origin,
  type Platform,
  privacyEvent,
  type Source,
} from './event-table.ts'
export { frameTerms } from './frame-terms.ts'
export type * from './generated/record-types.ts'
export {
  deliveryEventId,
  eventKey,
  fetchedEventId,
  fetchRequestId,
  isAnswerId,
  isIdPart,
  paymentEventId,
  polledEventId,
  recordId,
  tieEventId,
} from './keys.ts'
export { personalFields } from './personal-fields.ts'
export {
  compileSchema,
  type Draft,
  type EventRecordName,
  type RecordName,
  type RecordOf,
  recordNameOf,
  recordNames,
  schemaOf,
  subjectOf,
  typeOf,
} from './records.ts'
export * from './topics.ts'
