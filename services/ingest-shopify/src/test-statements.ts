import { parseLossless, type Statement, type StatementOf, type Translation } from '@varai/ingest/pure'
import { type EventRecordName, typeOf } from '@varai/schemas'
import { readFixture } from '@varai/testkit'

/** JSON text as the shell hands it to translators. */
export function body(json: string | Buffer): unknown {
  const parsed = parseLossless(Buffer.from(json))
  if (!parsed.ok) throw new SyntaxError(parsed.reason)
  return parsed.value
}

/** A value as the shell hands it to translators: its numbers in their digits. */
export const bodyOf = (value: unknown): unknown => body(JSON.stringify(value))

/** The statements of a translation that worked, each checked against the contract. */
export function all(translation: Translation<Statement[]>): Statement[] {
  if (!translation.ok) throw new Error(JSON.stringify(translation.failures))
  for (const statement of translation.value) checkContract(statement)
  return translation.value
}

/** The only statement of a translation that worked, and of the record expected. */
export function only<N extends EventRecordName>(record: N, translation: Translation<Statement[]>): StatementOf<N> {
  const statements = all(translation)
  const found = statements.find((statement) => statement.record === record)
  if (statements.length !== 1 || found === undefined) {
    throw new Error(`expected one ${record}, got ${statements.map((each) => each.record).join(', ')}`)
  }
  return found as StatementOf<N>
}

/** What failed, as `path: reason`. */
export const failures = (translation: Translation<unknown>): string[] =>
  translation.ok ? [] : translation.failures.map(({ path, reason }) => `${path}: ${reason}`)

/** A captured delivery: its headers, and its body with the numbers as the file has them. */
export function fixture(file: string): { headers: Record<string, string>; body: unknown } {
  const captured = body(readFixture('shopify', file)) as {
    headers?: Record<string, string>
    body?: unknown
  }
  return { headers: captured.headers ?? {}, body: captured.body ?? captured }
}

function checkContract({ record, facts, eventName, entityId }: Statement): void {
  const names = { eventId: 'x', eventName, eventType: 'x', entityType: 'x', entityId, source: 'x', origin: 'x' }
  const rest = { merchantId: 'x', storeId: 'x', priority: 'x', platformAt: 0, at: 0, ingestedAt: 0 }
  typeOf(record).isValid(
    { ...names, ...rest, ...facts },
    {
      errorHook: (path, value) => {
        throw new Error(`${record}.${path.join('.')} cannot be ${JSON.stringify(value)}`)
      },
    },
  )
}
