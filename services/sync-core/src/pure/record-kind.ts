import type { EntityType, EventRecordName } from '@varai/schemas'
import type { Existence } from './fold/existence.ts'
import type { Remembers } from './fold/keyed-list.ts'
import type { RegisterStates } from './fold/registers.ts'
import { type Forms, formsOf } from './form.ts'
import type { MayHaveParts } from './part-ids.ts'
import type { PlainObject } from './plain.ts'

/** A list whose elements have ids and are stated one by one or all together. */
export type ListKind = {
  readonly field: string
  /** The part of an element whose changes count as edits; undefined where nobody compares them. */
  readonly tracked?: (element: PlainObject) => PlainObject
  /** What is kept of an element when it is gone; without it, nothing. */
  readonly remembers?: Remembers
  /** So many elements are kept at most, those with the newest statements; all unless given. */
  readonly most?: number
  /** Elements, by their keys, that stay when the record is erased: they name nobody, and by them it is found. */
  readonly outlivesErasure?: (key: string) => boolean
}

type Deriving = MayHaveParts & {
  readonly id: string
  readonly registers: RegisterStates
  readonly existence: Existence
}

/** How the statements about one type of entity fold into records. */
export type RecordKind = {
  /** What deletions name; undefined of records that are no entity by themselves. */
  readonly entityType?: EntityType
  /** The record of the contract that states it; of sessions the first of several. */
  readonly record: EventRecordName
  /** Forms of its fields, where they are not those of the contract's record. */
  readonly forms?: Forms
  readonly collection: string
  /** Fields of which the newest statement wins, in the contract's order. */
  readonly registers: readonly string[]
  readonly lists: readonly ListKind[]
  /** Registers that remember since when they have their value; see fold/since-log.ts. */
  readonly tracked: readonly string[]
  /** Each of them by itself, however busy the others are; where stores compete field by field. */
  readonly datedApart?: boolean
  /** The list that a deletion of a part of the entity concerns. */
  readonly parts?: string
  /** The document's name for the time of its last save. */
  readonly savedAs: 'syncedAt' | 'lastSyncAt'
  /** When a person is erased, such a record stays, without what is personal in it. */
  readonly outlivesPersons?: true
  /** Whether documents tell, as `createdAt`, when the entity was first spoken of. */
  readonly keepsFirst?: true
  /** Fields of the document that follow from its values: by these, records find each other. */
  readonly derived?: (record: Deriving) => PlainObject
}

export const formsOfKind = ({ forms, record }: Pick<RecordKind, 'forms' | 'record'>): Forms => forms ?? formsOf(record)
