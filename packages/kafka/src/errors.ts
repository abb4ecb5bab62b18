/** The queue to Kafka is at its bound: ask the sender to slow down (429 or 503 with Retry-After). */
export class QueueFull extends Error {
  override readonly name = 'QueueFull'
}

/** One record is larger than Kafka takes; others are not affected. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge'
  readonly size: number
  readonly limit: number
  /** Private, so that no log prints what it holds. */
  readonly #encoded: Buffer | undefined
  constructor(size: number, limit: number, encoded?: Buffer) {
    super(`record of ${size} bytes, at most ${limit} are taken`)
    this.size = size
    this.limit = limit
    this.#encoded = encoded
  }
  /** The record's value as it would have been written. */
  get encoded(): Buffer | undefined {
    return this.#encoded
  }
}

/** The value does not fit its schema. Names the fields, never their values. */
export class Unencodable extends Error {
  override readonly name = 'Unencodable'
}

/** Kafka did not acknowledge the record. It may have it all the same: publish it again with the same event id. */
export class NotAcknowledged extends Error {
  override readonly name = 'NotAcknowledged'
}

/** The publisher is closed, or was never connected. */
export class PublisherClosed extends Error {
  override readonly name = 'PublisherClosed'
}

/** The schema registry does not answer, or not as a registry. Transient: what needs it comes again. */
export class RegistryAway extends Error {
  override readonly name = 'RegistryAway'
}

/** The registry refuses our schema beside the versions it has. A release with it must not start. */
export class IncompatibleSchema extends Error {
  override readonly name = 'IncompatibleSchema'
}
