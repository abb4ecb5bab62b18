import { type DecodedRecord, done, type Outcome, rejected } from '@varai/kafka'
import type { PrivacyLedger } from '@varai/vault'

/**
 * A handler of what services did for requests: it is written into the ledger. Everything else is left to `handle`. Throws
 * when the database is away; what comes again is there already.
 */
export function createKeepConfirmations(deps: {
  readonly ledger: Pick<PrivacyLedger, 'confirmed'>
  readonly handle: (batch: readonly DecodedRecord[]) => Promise<Outcome[]>
}) {
  return async function keepConfirmations(batch: readonly DecodedRecord[]): Promise<Outcome[]> {
    const isConfirmation = ({ record }: DecodedRecord) => record === 'PrivacyConfirmed'
    if (!batch.some(isConfirmation)) return deps.handle(batch)
    const others = (await deps.handle(batch.filter((record) => !isConfirmation(record)))).values()
    const outcomes: Outcome[] = []
    for (const record of batch) {
      if (record.record === 'PrivacyConfirmed') {
        const { requestId, service, outcome, reason, counts, at } = record.value
        await deps.ledger.confirmed(requestId, { service, outcome, reason, counts, at })
        outcomes.push(done)
      } else outcomes.push(others.next().value ?? rejected('a record was left without an outcome'))
    }
    return outcomes
  }
}
