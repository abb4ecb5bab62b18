import { type DecodedRecord, done, type Outcome, rejected, skipped } from '@varai/kafka'
import type { Logger } from '@varai/runtime'
import type { AskStores } from './ask-stores.ts'
import type { TellRecords } from './changes/tell-records.ts'
import type { EraseNamed } from './erasures/erase-named.ts'
import type { Folded, FoldInto } from './fold-into.ts'
import type { OfKind, Project } from './projections.ts'
import { type Admission, admit } from './pure/admit.ts'
import { aiSessionKind } from './pure/kinds.ts'
import type { RecordState } from './pure/record.ts'

export type ApplyBatchDeps = {
  readonly foldInto: FoldInto
  /** Brings the canonical documents of records up to date. */
  readonly project: Project
  /** Tells the world how records are now. */
  readonly changes: TellRecords
  /** Erases what was asked of those whom records name. */
  readonly eraseNamed: EraseNamed
  /** Sets the copies of sessions; never rejects. */
  readonly copySessions: (sessions: readonly RecordState[]) => Promise<void>
  /** Asks a store for what only it can say. */
  readonly ask: AskStores
  readonly log: Logger
}

/** The handler of the lanes: statements into records, records into canonical documents. */
export function createApplyBatch(deps: ApplyBatchDeps) {
  const { foldInto } = deps
  /**
   * Resolves when every statement is in its record, every canonical document shows it, Kafka has the changes of both, and
   * every question to a store is on its way; throws when the database or Kafka is away (nothing is committed, and the same batch may come again).
   */
  return async function applyBatch(batch: readonly DecodedRecord[]): Promise<Outcome[]> {
    const begun = performance.now()
    const admissions = batch.map(admit)
    const statements = admissions.flatMap((admission) => (admission.kind === 'statements' ? admission.statements : []))
    const questions = admissions.flatMap((admission) => (admission.kind === 'question' ? [admission.question] : []))
    const byKind = Map.groupBy(statements, ({ kind }) => kind)
    const asked = Promise.all(questions.map(deps.ask))
    const [folds] = await Promise.all([Promise.all([...byKind].map(([kind, of]) => foldInto(kind, of))), asked])
    const erased = await deps.eraseNamed(folds)
    const folded = performance.now()
    const left = [...folds.map((fold) => without(fold, erased)), ...erased]
    // also what no statement changed: a process may have died between saving a record and telling or projecting it;
    // and also whom sessions named that are erased
    const [told] = await Promise.all([deps.changes.tell(left), deps.project([...folds, ...erased])])
    await deps.copySessions(left.flatMap(({ kind, records }) => (kind === aiSessionKind ? records : [])))
    deps.log.info(
      {
        records: batch.length,
        statements: statements.length,
        ...(questions.length > 0 && { questions: questions.length }),
        ...(folds.some(({ ties }) => ties > 0) && { ties: sum(folds.map(({ ties }) => ties)) }),
        entities: sum(folds.map(({ records }) => records.length)),
        saved: sum(folds.map(({ saved }) => saved)),
        told,
        lostGuards: sum(folds.map(({ lost }) => lost)),
        recordsMs: Math.round(folded - begun),
        documentsMs: Math.round(performance.now() - folded),
      },
      'batch.applied',
    )
    return admissions.map(outcomeOf)
  }
}

/** What it has besides records of others. */
function without(of: Folded, others: readonly Folded[]): OfKind {
  const ids = new Set(others.flatMap(({ kind, records }) => (kind === of.kind ? records.map(({ id }) => id) : [])))
  return ids.size === 0 ? of : { kind: of.kind, records: of.records.filter(({ id }) => !ids.has(id)) }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

function outcomeOf(admission: Admission): Outcome {
  switch (admission.kind) {
    case 'statements':
    case 'question':
      return done
    case 'skipped':
      return skipped(admission.reason)
    case 'rejected':
      return rejected(admission.reason)
    default:
      return admission satisfies never
  }
}
