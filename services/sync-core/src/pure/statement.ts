import type { RecordKind } from './kinds.ts'
import type { Moment } from './moment.ts'

/** What one store said about one of its entities at one time. */
export type Statement = {
  readonly kind: RecordKind
  /** merchant|platform|store|the store's own id. */
  readonly recordId: string
  readonly merchantId: string
  readonly platform: string
  readonly storeId: string
  readonly platformId: string
  readonly moment: Moment
  /** The store's time in ms, but never ahead of receipt; serves only comparisons across stores. */
  readonly at: number
  readonly says: Said
}

export type Said =
  | {
      readonly what: 'values'
      /** By the contract's field names, as decoded; null is not stated. */
      readonly values: Readonly<Record<string, unknown>>
      readonly cleared: readonly string[]
      /** Lists that are whole: an element absent from one of them is gone. */
      readonly complete: Readonly<Record<string, boolean>>
    }
  | { readonly what: 'deleted'; readonly reason: string; readonly terminal: boolean }
  /** One element of the kind's list of parts is gone, e.g. one variation of a product. */
  | { readonly what: 'part deleted'; readonly part: string }
  /** What was stated until then is erased: all of it, or what is personal. `subject`: keyed hash of whose data it is. */
  | { readonly what: 'erased'; readonly extent: 'whole' | 'personal'; readonly subject: string }

export type Stating = Statement & { readonly says: Extract<Said, { what: 'values' }> }

export const isStating = (statement: Statement): statement is Stating => statement.says.what === 'values'

/** What a statement says of a field: its value, null where it was cleared, undefined where it is silent. */
export function said({ says }: Stating, field: string): unknown {
  const value = says.values[field]
  if (value !== null && value !== undefined) return value
  return says.cleared.includes(field) ? null : undefined
}
