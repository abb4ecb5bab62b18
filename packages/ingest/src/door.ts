import type { Store } from '@varai/runtime/stores'
import type { Platform, RecordName } from '@varai/schemas'
import type {
  Claim,
  FetchAsk,
  PrivacyAsk,
  RawWebhook,
  Statement,
  Translation,
  TranslationContext,
  Unpacked,
  Verdict,
} from './pure/index.ts'

/** A request as it came in, and where to: the path as it was sent, so its parts may be percent-encoded. */
export type Knock = RawWebhook & { readonly path: string }

/** What the shell asks of a platform; all of it is pure, except a `verify` that has to ask for a key first. */
export type Door = {
  readonly platform: Platform
  /** Which store claims to speak, by headers and path alone. */
  claim(webhook: Omit<Knock, 'rawBody'>): Claim
  /**
   * Whether one of the store's secrets, or for the store someone whose key is public, signed exactly these bytes. A
   * request may carry several deliveries: then each is received by itself, and all have to be settled before the 200.
   * May answer by a promise, which does not reject: what cannot be told now is denied with 503.
   */
  verify(webhook: Knock, secrets: readonly string[], store: Store): Verdict | Unpacked | Promise<Verdict | Unpacked>
  /** What a signed document states. All failures at once. */
  translate(body: unknown, context: TranslationContext): Translation<Statement[]>
  /** What people ask of a platform that passes it on by webhook. */
  readonly requests?: {
    readonly topics: ReadonlySet<string>
    translate(body: unknown, context: TranslationContext): Translation<PrivacyAsk>
  }
  /**
   * Deliveries that ask for what only the store can state: the request goes to the platform's fetch topic, and whoever
   * reads it asks the store. For platforms that may be answered before that.
   */
  readonly fetches?: {
    readonly topics: ReadonlySet<string>
    translate(body: unknown, context: TranslationContext): Translation<FetchAsk>
  }
  /** Topics that `translate`, `requests` and `fetches` know; metrics count all others as one. */
  readonly topics: ReadonlySet<string>
  /** Records that they make. */
  readonly records: readonly RecordName[]
  /** Topics whose deliveries only name what changed: the store has to be asked before they state anything. */
  readonly lookedUp?: ReadonlySet<string>
  /**
   * Answers a request that names no store, or is no POST and names one of ours, with 200 and this, when it is the
   * platform's way of trying out the address. No event comes of it, so nobody has to sign it. Undefined for any other
   * request.
   */
  shakeHands?(request: HandshakeRequest): Readonly<Record<string, unknown>> | undefined
}

/** At most 1 KiB of body is read. */
export type HandshakeRequest = Knock & { readonly method: string; readonly query: URLSearchParams }
