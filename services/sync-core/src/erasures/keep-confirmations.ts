import { type DecodedRecord, done, handleApart, type Outcome } from '@varai/kafka'
import type { PrivacyConfirmed } from '@varai/schemas'
import type { PrivacyLedger } from '@varai/vault'

/**
 * A handler of what services did for requests: it is written into the ledger. Everything else is left to `handle`. Throws
 * when the database is away; what comes again is there already.
 */
export function createKeepConfirmations(deps: {
  readonly ledger: Pick<PrivacyLedger, 'confirmed'>
  readonly handle: (batch: readonly DecodedRecord[]) => Promise<Outcome[]>
}) {
  const keep = async ({ requestId, service, outcome, reason, counts, at }: PrivacyConfirmed): Promise<Outcome> => {
    await deps.ledger.confirmed(requestId, { service, outcome, reason, counts, at })
    return done
  }
  return handleApart('PrivacyConfirmed', ({ value }) => keep(value), deps.handle)
}
