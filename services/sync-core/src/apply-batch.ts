import { type DecodedRecord, done, type Outcome, rejected, skipped } from '@varai/kafka'
import type { Logger } from '@varai/runtime'
import type { AskStores } from './ask-stores.ts'
import type { TellRecords } from './changes/tell-records.ts'
import type { Project } from './projections.ts'
import { type Admission, admit } from './pure/admit.ts'
import { withChange, withoutChange } from './pure/change/record-change.ts'
import { type Decision, foldRecord } from './pure/fold/fold-record.ts'
import { questionsAbout } from './pure/fold/ties.ts'
import { aiSessionKind, type RecordKind } from './pure/kinds.ts'
import type { RecordState } from './pure/record.ts'
import type { Statement } from './pure/statement.ts'
import type { RecordStore } from './record-store.ts'
import type { ResolveParts } from './resolve-parts.ts'

export type ApplyBatchDeps = {
  readonly records: Pick<RecordStore, 'loadMany' | 'saveMany'>
  /** Brings the canonical documents of records up to date. */
  readonly project: Project
  /** Tells the world how records are now. */
  readonly changes: TellRecords
  /** Waits a little, longer at each attempt. */
  readonly pause: (attempt: number) => Promise<void>
  /** What deletions that named a part alone say of the records that list it. */
  readonly resolveParts: ResolveParts
  /** Sets the copies of sessions; never rejects. */
  readonly copySessions: (sessions: readonly RecordState[]) => Promise<void>
  /** Asks a store for what only it can say. */
  readonly ask: AskStores
  readonly log: Logger
  readonly now?: () => number
}

/** So many lost guards in a row are no race any more. */
const attempts = 40

/** The handler of the lanes: statements into records, records into canonical documents. */
export function createApplyBatch(deps: ApplyBatchDeps) {
  const { now = Date.now } = deps
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
    const [folds] = await Promise.all([Promise.all([...byKind].map(([kind, of]) => foldWithParts(kind, of))), asked])
    const folded = performance.now()
    // also what no statement changed: a process may have died between saving a record and telling or projecting it
    const [told] = await Promise.all([deps.changes.tell(folds), deps.project(folds)])
    await deps.copySessions(folds.flatMap(({ kind, records }) => (kind === aiSessionKind ? records : [])))
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

  /** Folds statements of one kind, and what their deletions of parts say of other records of the kind. */
  async function foldWithParts(kind: RecordKind, statements: readonly Statement[]) {
    const first = await foldInto(kind, statements)
    const derived = await deps.resolveParts(kind, first.records)
    if (derived.length === 0) return first
    const second = await foldInto(kind, derived)
    const records = new Map([...first.records, ...second.records].map((record) => [record.id, record]))
    const [saved, lost, ties] = [first.saved + second.saved, first.lost + second.lost, first.ties + second.ties]
    return { kind, records: [...records.values()], saved, lost, ties }
  }

  /** Folds statements of one kind into their records and saves what changed; decides again what lost its guard. */
  async function foldInto(kind: RecordKind, statements: readonly Statement[]) {
    const byRecord = Map.groupBy(statements, ({ recordId }) => recordId)
    const isTold = deps.changes.tells(kind)
    const records = new Map<string, RecordState>()
    const asked = new Set<string>()
    let [saved, lost] = [0, 0]
    let open: ReadonlySet<string> = new Set(byRecord.keys())
    for (let attempt = 1; open.size > 0; attempt += 1) {
      if (attempt > attempts) throw new Error(`${kind.collection}: guards were lost ${attempts} times in a row`)
      if (attempt > 1) await deps.pause(attempt)
      const held = await deps.records.loadMany(kind, [...open])
      const at = now()
      const decisions = [...open].map((id) => {
        const before = held.get(id)
        const decision = foldRecord(before, byRecord.get(id) ?? [])
        const { record, changed } = decision
        if (!changed) return decision
        return { ...decision, record: isTold ? withChange(before, record, at) : withoutChange(record) }
      })
      await askAbout(decisions, asked)
      const changed = decisions.filter((decision) => decision.changed).map(({ record }) => record)
      open = await deps.records.saveMany(kind, changed)
      for (const { record } of decisions) records.set(record.id, record)
      saved += changed.length - open.size
      lost += open.size
    }
    return { kind, records: [...records.values()], saved, lost, ties: asked.size }
  }

  /**
   * Asks stores that said different things at one time. Before the records are saved that remember it: who dies in
   * between asks again, and is answered by the same event. Two processes that find it at once both ask.
   */
  async function askAbout(decisions: readonly Decision[], asked: Set<string>): Promise<void> {
    const open = decisions.flatMap(({ record, tie }) => (tie === undefined ? [] : questionsAbout(record, tie)))
    const fresh = open.filter(({ causeEventId, platformAt }) => !asked.has(`${causeEventId} ${platformAt}`))
    await Promise.all(fresh.map(deps.ask))
    for (const { causeEventId, platformAt } of fresh) asked.add(`${causeEventId} ${platformAt}`)
  }
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
