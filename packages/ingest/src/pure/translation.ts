import type {
  ConsentLevel,
  Draft,
  EntityType,
  Envelope,
  EventName,
  EventRecordName,
  Platform,
  RecordOf,
} from '@varai/schemas'

/** What is wrong at one place of a foreign document. Never holds a value: documents carry personal data, logs must not. */
export type Failure = {
  /** Keys joined with dots, list positions in brackets, e.g. `line_items[2].price`; empty for the document itself. */
  readonly path: string
  readonly reason: string
}

/** What a translator made of a document, or everything that kept it from making anything. */
export type Translation<T> =
  | {
      readonly ok: true
      readonly value: T
      /** Paths of free-form values that could not be read and are therefore not stated. */
      readonly leftOut: readonly string[]
      /** What a document that states nothing for us was about, for the log: no personal data. */
      readonly note?: string
    }
  | { readonly ok: false; readonly failures: readonly Failure[] }

/** The facts of a record without the envelope, as a translator writes them. */
export type Facts<N extends EventRecordName> = Draft<Omit<RecordOf<N>, keyof Envelope>>

/** What one store said about one of its entities. The envelope is added by `toEvents`. */
export type StatementOf<N extends EventRecordName> = {
  readonly record: N
  readonly eventName: EventName
  /** The store's own id of the record that this statement folds into. */
  readonly entityId: string
  /** The store's own time in ms; undefined where it names none: then the trigger's time counts, or else the receipt's. */
  readonly platformAt: number | undefined
  /** `payment`: one event for an order however many deliveries say it is paid. Otherwise the delivery and its index. */
  readonly identity?: 'payment'
  readonly userId?: string | undefined
  readonly sessionId?: string | undefined
  readonly consentLevel?: ConsentLevel | undefined
  /** Where it is to be processed; undefined where nobody says. */
  readonly region?: string | undefined
  /** Names of the contract's fields that the store says are empty now. */
  readonly cleared?: readonly string[]
  readonly facts: Facts<N>
}
export type Statement = { [N in EventRecordName]: StatementOf<N> }[EventRecordName]

/** Whom a request concerns, in the store's own terms: a customer, a guest, or everybody the store knows. */
export type RequestSubject =
  | { readonly is: 'customer'; readonly id: string }
  | { readonly is: 'guest'; readonly email: string }
  | { readonly is: 'store' }

/** Someone asked a store for their data, or for its erasure. */
export type PrivacyAsk = {
  readonly kind: 'data_request' | 'customer_redact' | 'shop_redact'
  readonly subject: RequestSubject
  /** The platform's own id of the request; where it has none, the delivery is the request. */
  readonly id?: string | undefined
  readonly facts: Pick<Facts<'PrivacyRequested'>, 'customerId' | 'email' | 'phone' | 'orderIds'>
}

/** A delivery that says that something changed and not what it is now: only the store can state that. */
export type FetchAsk = {
  readonly entityType: EntityType
  /** The store's own id of what is to be read. */
  readonly entityId: string
  /** `delta`: it says what changed; `id-only`: it says that something did. */
  readonly reason: 'delta' | 'id-only'
  /** As in a statement. */
  readonly platformAt: number | undefined
}

/** What a translator may know beside the document. */
export type TranslationContext = {
  readonly topic: string
  readonly store: StoreFacts
}

/** What the stores file says about the store that speaks. */
export type StoreFacts = {
  readonly platform: Platform
  readonly merchantId: string
  readonly id: string
  /** ISO 4217. */
  readonly currency: string
  /** Whether there are credentials to ask it by its API. */
  readonly apiAccess?: boolean
}

/** One line per failure, for dead letters and answers. */
export const describeFailure = (failure: Failure): string =>
  failure.path === '' ? failure.reason : `${failure.path}: ${failure.reason}`
