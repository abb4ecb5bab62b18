import type { EventName, Platform } from '@varai/schemas'

/** What a document tells of: numbers and names that no other document of the run has. */
export type Entity = {
  /** Beyond 2^53: who reads it as a float tells of another entity. */
  readonly id: bigint
  /** What the platform calls the delivery: a UUID. */
  readonly deliveryId: string
  /** When the store changed it, ms; whole seconds, because some platforms know no smaller ones. */
  readonly at: number
  /** Decimal text that a float cannot hold. */
  readonly amount: string
  /** A person who must not be found in keys, headers, logs, metrics and answers, nor on a disk. */
  readonly email: string
  readonly phone: string
  readonly name: string
}

/**
 * Who signs: the store with its present secret or with the one before, another store of ours, or somebody without any.
 * Where platforms have no secrets of stores, whatever comes next to it: a second key, another addressee, an own key.
 */
export type Signer = 'current' | 'previous' | 'other store' | 'stranger'

/** One delivery as the platform has it, before it is signed. */
export type Delivery = { readonly topic: string; readonly id: string; readonly bytes: Buffer }

export type ToSign = {
  /** One, unless the door takes several at once. */
  readonly deliveries: readonly [Delivery, ...Delivery[]]
  readonly signer: Signer
  /** Whose delivery it claims to be. */
  readonly storeId: string
  /** This header will be left out; where it is part of what is signed, sign as if it were empty. */
  readonly without?: string | undefined
}

export type Signed = {
  /** From the root, with the query where there is one. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/**
 * What becomes of a delivery: events of these names in any order, something on the topics of requests, a dead letter
 * (where the store's API would be needed, for instance), or nothing at all.
 */
export type Becomes = readonly EventName[] | 'privacy request' | 'fetch request' | 'dead letter' | 'nothing'

export type TopicFacts = {
  /** In the platform's words. */
  readonly topic: string
  /** A document of the topic as the platform would send it; bigints stay exact. */
  readonly document: (entity: Entity) => unknown
  readonly becomes: Becomes
  /** Which record its events belong to; that of the entity's id unless told. */
  readonly entityId?: (entity: Entity) => string
  /** The field of its first event that says `entity.amount`. */
  readonly amount?: string
  /** The document does not say `entity.at`. */
  readonly timeless?: true
}

/** One way in: an address with its own signature. */
export type DoorFacts = {
  readonly name: string
  readonly topics: readonly [TopicFacts, ...TopicFacts[]]
  /** A document that cannot be translated under the first topic, and words of all that is wrong with it. */
  readonly faulty: { readonly document: (entity: Entity) => unknown; readonly reasons: readonly [string, ...string[]] }
  /** Puts a document into what the platform wraps around it; without, the document is the delivery. */
  readonly wrap?: (
    document: unknown,
    of: { readonly topic: string; readonly entity: Entity; readonly signer: Signer },
  ) => unknown
  readonly sign: (request: ToSign) => Signed
  /** What events call the delivery, where that is not the platform's own id of it. */
  readonly deliveryId?: (delivery: Delivery) => string
  /** Headers that hold signatures: without them, 401. */
  readonly signatures: readonly [string, ...string[]]
  /** Headers without which a delivery has no meaning: 400. */
  readonly required: readonly string[]
  /** False where the platform sends a delivery once only: then it is kept on disk while Kafka is away. */
  readonly deliversAgain: boolean
  /** The largest body, in bytes; 10 MiB unless told. */
  readonly maxBytes?: number
  /** A request may carry several deliveries, all of one store, or each with its own addressee. */
  readonly severalAtOnce?: 'of one store' | 'each addressed'
  /** The keys are not in the stores file, so nobody changes them there. */
  readonly keysElsewhere?: true
  /** Status for a signed body that is no document; 200 unless told, because platforms punish anything else. */
  readonly unreadable?: number
}

/** Secrets of a store, as the stores file refers to them. */
export type SecretsEntry = {
  readonly current: { readonly literal: string }
  readonly previous?: { readonly literal: string }
}

/** What the suite has to know of an ingest service. Nothing of a platform stands in the suite itself. */
export type ServiceFacts = {
  /** As in its metrics and logs, e.g. `ingest-shopify`. */
  readonly service: string
  readonly platform: Platform
  /** The path of its `main.ts`. */
  readonly main: string
  /** Ids as they stand in events. The third is in no stores file. */
  readonly stores: { readonly own: string; readonly other: string; readonly unknown: string }
  /** The entry of a store in the stores file, without credentials for its API. */
  readonly storeEntry: (store: { readonly id: string; readonly webhookSecrets: SecretsEntry }) => object
  /** Further environment of a process; `folder` outlives it. */
  readonly env?: (folder: string) => Readonly<Record<string, string>>
  /** The line of the log that says the address, in `url`; `webhooks.listening` unless told. */
  readonly listening?: string
  readonly doors: readonly [DoorFacts, ...DoorFacts[]]
}
