import type { RecordName, RecordOf } from '@varai/schemas'
import type { Headers } from './headers.ts'

/** Where a record lies. */
export type Position = {
  /** The catalogue's name, without prefix. */
  readonly topic: string
  readonly partition: number
  /** A 64-bit number as text. */
  readonly offset: string
}

/** A record as a handler gets it. `record` tells which type `value` has. */
export type DecodedRecord<N extends RecordName = RecordName> = {
  [K in N]: Position & {
    readonly record: K
    readonly value: RecordOf<K>
    readonly key: string | null
    readonly headers: Headers
    /** When it was written to its topic; epoch ms. */
    readonly timestamp: number
    /** Times it was handled before and put back with `retryLater`; 0 at first. */
    readonly attempt: number
  }
}[N]
