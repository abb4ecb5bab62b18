import type { Statement, Translation } from './pure/index.ts'
import type { VerifiedDelivery } from './receive-delivery.ts'

/** Asks the store about what a delivery only names. Never rejects for anything that the store does. */
export type LookUp = (delivery: VerifiedDelivery) => Promise<LookedUp>

/** What the store itself said. */
export type LookedUp =
  | {
      readonly kind: 'answered'
      readonly translation: Translation<Statement[]>
      /** When, epoch ms: settles ties with what the store said before. */
      readonly answeredAt: number
      /** The same for the same answer: names the events that are made of it. */
      readonly version: string
    }
  /** It did not answer this time. `afterMs`: when it wants to be asked again. */
  | { readonly kind: 'unanswered'; readonly reason: string; readonly afterMs?: number | undefined }
  /** There is nobody to ask, or nothing to ask for: the delivery states what it states by itself. */
  | { readonly kind: 'cannot ask' }

/** A store that does not answer for a day will not, as far as this delivery is concerned. */
export const askForMs = 24 * 60 * 60_000
