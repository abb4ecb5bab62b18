import type avro from 'avsc'
import { compileSchema } from './records.ts'

export type Incompatibility = { reader: string; writer: string; reason: string }

/** Whether a consumer with `reader` can read what was written with `writer`; the reason where it cannot. */
function canRead(reader: avro.Type, writer: avro.Type): string | undefined {
  try {
    reader.createResolver(writer)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/**
 * FULL_TRANSITIVE: every version reads every other one, because old and new services run side by side and topics
 * keep records of both. `versions` are schemas by label, oldest first; returns every pair that breaks the rule.
 */
export function incompatibilities(versions: ReadonlyMap<string, unknown>): Incompatibility[] {
  const types = [...versions].map(([label, schema]) => ({ label, type: compileSchema(schema) }))
  return types.flatMap((reader) =>
    types.flatMap((writer) => {
      const reason = reader === writer ? undefined : canRead(reader.type, writer.type)
      return reason === undefined ? [] : [{ reader: reader.label, writer: writer.label, reason }]
    }),
  )
}
