import { compileSchema } from './records.ts'

export type Incompatibility = { reader: string; writer: string; reason: string }

/** What `attempt` throws, in words; undefined when it succeeds. */
function failure(attempt: () => unknown): string | undefined {
  try {
    attempt()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/**
 * FULL_TRANSITIVE: every version reads every other one, because old and new services run side by side and topics
 * keep records of both. `versions` are schemas by label, oldest first; returns every pair that breaks the rule, and
 * with itself each version that is no schema of the contract at all.
 */
export function incompatibilities(versions: ReadonlyMap<string, unknown>): Incompatibility[] {
  return [...versions].flatMap(([reader, readerSchema]) =>
    [...versions].flatMap(([writer, writerSchema]) => {
      const reason = failure(() => compileSchema(readerSchema).createResolver(compileSchema(writerSchema)))
      return reason === undefined ? [] : [{ reader, writer, reason }]
    }),
  )
}
