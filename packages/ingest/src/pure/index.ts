export { difference, negated, quotient, sum, unsigned } from './amounts.ts'
export { type RawAnswer, retryAfterMs, storeTimeOf } from './answer-headers.ts'
export { commaList } from './eyewear/comma-list.ts'
export { type FrameFacts, frameFacts } from './eyewear/frame-facts.ts'
export { isOfJourney, readJourney } from './eyewear/journey.ts'
export { type LensProperties, lensProperties } from './eyewear/lens-properties.ts'
export {
  type Read,
  readDecimal,
  readFlag,
  readId,
  readInteger,
  readText,
  readTexts,
  readTime,
  readUtcTime,
} from './foreign-values.ts'
export { type JsonLimits, jsonLimits, parseLossless } from './parse-lossless.ts'
export { type Reader, read } from './read.ts'
export { type DeliveryFacts, type OutgoingEvent, type OutgoingEventOf, toEvents } from './to-events.ts'
export { type FetchedFacts, toFetchedEvents } from './to-fetched-events.ts'
export {
  describeFailure,
  type Facts,
  type Failure,
  type FetchAsk,
  type PrivacyAsk,
  type RequestSubject,
  type Statement,
  type StatementOf,
  type StoreFacts,
  type Translation,
  type TranslationContext,
} from './translation.ts'
export {
  type Claim,
  type Denied,
  type Enclosed,
  header,
  type RawWebhook,
  type Unpacked,
  type Verdict,
} from './webhook.ts'
