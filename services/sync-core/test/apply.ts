import { createLog } from '@varai/runtime'
import { createApplyBatch } from '../src/apply-batch.ts'
import type { CanonicalStore } from '../src/canonical-store.ts'
import { createProjector } from '../src/project-users.ts'
import type { RecordStore } from '../src/record-store.ts'

const silent = createLog({ service: 'test', level: 'silent' })
const atOnce = async () => undefined

/** The handler of the lanes over some stores, wired as main.ts does. */
export function applierOver(
  { records, canonical }: { records: RecordStore; canonical: CanonicalStore },
  pause: (attempt: number) => Promise<void> = atOnce,
) {
  const project = createProjector({
    source: { reaching: canonical.reaching, customers: records.customers },
    target: canonical,
    pause,
  })
  return createApplyBatch({ records, project, pause, log: silent })
}
