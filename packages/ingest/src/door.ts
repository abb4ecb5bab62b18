import type { Platform, RecordName } from '@varai/schemas'
import type {
  Claim,
  FetchAsk,
  PrivacyAsk,
  RawWebhook,
  Statement,
  Translation,
  TranslationContext,
  Verdict,
} from './pure/index.ts'

/** What the shell asks of a platform; all of it is pure. */
export type Door = {
  readonly platform: Platform
  /** Which store claims to speak, by the headers alone. */
  claim(webhook: Pick<RawWebhook, 'headers'>): Claim
  /** Whether one of the store's secrets signed exactly these bytes. */
  verify(webhook: RawWebhook, secrets: readonly string[]): Verdict
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
   * Answers a request that names no store, with 200 and this, when it is the platform's way of trying out the
   * address. No event comes of it, so nobody has to sign it. Undefined for any other request.
   */
  shakeHands?(request: HandshakeRequest): Readonly<Record<string, unknown>> | undefined
}

/** At most 1 KiB of body is read. */
export type HandshakeRequest = RawWebhook & { readonly method: string; readonly query: URLSearchParams }
