import type { Statement, StatementOf, StoreFacts, Translation } from '@varai/ingest/pure'
import { type EventRecordName, typeOf } from '@varai/schemas'
import { readFixture } from '@varai/testkit'
import { parse } from 'lossless-json'
import { translate } from './pure/translate/translate.ts'

export const store: StoreFacts = { platform: 'magento', merchantId: 'm1', id: 'default', currency: 'USD' }

/** A value as the shell hands it to translators: its numbers in their digits. */
export const bodyOf = (value: unknown): unknown => parse(JSON.stringify(value))

/** What a translator made of a document, each statement checked against the contract. */
export function checked(translation: Translation<Statement[]>): Statement[] {
  if (!translation.ok) throw new Error(JSON.stringify(translation.failures))
  for (const statement of translation.value) checkContract(statement)
  return translation.value
}

/** What a delivery states. */
export const stated = (topic: string, body: unknown): Statement[] => checked(translate(bodyOf(body), { topic, store }))

/** The only statement of a delivery, and of the record expected. */
export function only<N extends EventRecordName>(record: N, statements: readonly Statement[]): StatementOf<N> {
  const [found, ...others] = statements
  if (found?.record !== record || others.length > 0) {
    throw new Error(`expected one ${record}, got ${statements.map((each) => each.record).join(', ')}`)
  }
  return found as StatementOf<N>
}

/** What failed, as `path: reason`. */
export const failures = (translation: Translation<unknown>): string[] =>
  translation.ok ? [] : translation.failures.map(({ path, reason }) => `${path}: ${reason}`)

/** A document of the fixtures, as plain JSON. */
export const fixture = (file: string): Record<string, unknown> =>
  JSON.parse(readFixture('magento', file).toString()) as Record<string, unknown>

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
