import type { RecordName } from '@varai/schemas'
import type { DecodedRecord } from './decoded-record.ts'
import type { Outcome } from './outcome.ts'

type Named<N extends RecordName> = Extract<DecodedRecord, { readonly record: N }>
type Handle = (batch: readonly DecodedRecord[]) => Promise<Outcome[]>

/**
 * A handler that answers records of one type one after the other, in their order, and leaves all others to `handle`, which
 * gets them first and together. Throws when `handle` or `answer` does.
 */
export function handleApart<N extends RecordName>(
  name: N,
  answer: (record: Named<N>) => Promise<Outcome>,
  handle: Handle,
): Handle {
  const isApart = (record: DecodedRecord): record is Named<N> => record.record === name
  return async (batch) => {
    if (!batch.some(isApart)) return handle(batch)
    const others = (await handle(batch.filter((record) => !isApart(record)))).values()
    const outcomes: Outcome[] = []
    for (const record of batch) {
      const outcome = isApart(record) ? await answer(record) : others.next().value
      if (outcome === undefined) throw new Error('a record was left without an outcome')
      outcomes.push(outcome)
    }
    return outcomes
  }
}
