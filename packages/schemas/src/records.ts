import avro from 'avsc'
import { logicalTypes } from './decimal.ts'
import type { DefaultedFields } from './generated/defaulted-fields.ts'
import { recordSchemas } from './generated/record-schemas.ts'
import type { RecordTypes } from './generated/record-types.ts'

export type RecordName = keyof RecordTypes
/** Records that open with the envelope; the others are commands and reports between our own services. */
export type EventRecordName = Exclude<
  RecordName,
  'PrivacyConfirmed' | 'DocumentChanged' | 'FetchRequested' | 'WriteBackCommanded'
>
export type RecordOf<N extends RecordName> = RecordTypes[N]

/**
 * A record, or a part of one such as `Omit<OrderStated, keyof Envelope>`, as a producer may write it: what has a
 * default in the contract may be left out, in nested records too. The codec fills the defaults in, and refuses what
 * does not fit.
 */
export type Draft<T> = T extends readonly (infer Item)[]
  ? readonly Draft<Item>[]
  : T extends object
    ? { [K in keyof T as K extends Omittable<T> ? never : K]: Draft<T[K]> } & {
        [K in keyof T as K extends Omittable<T> ? K : never]?: Draft<T[K]> | undefined
      }
    : T
/** The fields with a default of the records that `T` is, or is a part of. */
type Omittable<T> = {
  [Name in keyof DefaultedFields]: DefaultedFields[Name]['of'] extends T ? DefaultedFields[Name]['fields'] : never
}[keyof DefaultedFields]

/** Names of all records of the contract, in alphabetical order. */
export const recordNames = Object.keys(recordSchemas) as RecordName[]

/** Registry subject of a record, e.g. `varai.events.OrderStated`. */
export const subjectOf = (name: RecordName): string => `varai.events.${name}`

/** The record that a schema's full name means; undefined for one that this release does not know. */
export function recordNameOf(fullName: string): RecordName | undefined {
  return recordNames.find((name) => subjectOf(name) === fullName)
}

/** The self-contained schema as it is registered. */
export const schemaOf = (name: RecordName): (typeof recordSchemas)[RecordName] => recordSchemas[name]

const compiled = new Map<RecordName, avro.Type>()

/** The compiled schema that this release reads and writes with. */
export function typeOf(name: RecordName): avro.Type {
  let type = compiled.get(name)
  if (type === undefined) {
    type = compileSchema(recordSchemas[name])
    compiled.set(name, type)
  }
  return type
}

/**
 * Compiles any version of a schema of the contract, so that decimals come out as text. Throws on a bad schema, also on
 * a decimal of another scale: by default Avro would quietly hand out bytes in its place.
 */
export function compileSchema(schema: unknown): avro.Type {
  return avro.Type.forSchema(schema as avro.Schema, { logicalTypes, assertLogicalTypes: true })
}
