export { type Codec, createCodec, type Decoded } from './codec.ts'
export { createKafka, type KafkaConfig, type KafkaConnection, type KafkaSasl, type KafkaTls } from './connection.ts'
export {
  type ConsumedLane,
  type ConsumeOptions,
  type Consumer,
  consumeLanes,
  eventLanes,
  replayLane,
} from './consume-lanes.ts'
export { deadLetter, type NewDeadLetter } from './dead-letter.ts'
export type { DecodedRecord, Position } from './decoded-record.ts'
export {
  IncompatibleSchema,
  NotAcknowledged,
  PublisherClosed,
  QueueFull,
  RegistryAway,
  TooLarge,
  Unencodable,
} from './errors.ts'
export { handleApart } from './handle-apart.ts'
export { deadLetterHeader, type Headers, type RawHeaders, retryHeader } from './headers.ts'
export { done, type Outcome, rejected, retryLater, skipped } from './outcome.ts'
export {
  createPublisher,
  type PublishedRecord,
  type Publisher,
  type PublisherOptions,
  type RawRecord,
} from './publisher.ts'
export { type Backoff, backoffMs } from './pure/backoff.ts'
export type { BreakerSettings } from './pure/breaker.ts'
export type { ReadOptions } from './read-topics.ts'
export { resetGroup } from './reset-group.ts'
export { type DeadLetter, readDeadLetters, type TailedRecord, tail } from './tail.ts'
export {
  type DifferingTopic,
  type EnsuredTopics,
  ensureTopics,
  type PartitionInfo,
  type TopicInfo,
  topicsInfo,
} from './topics.ts'
