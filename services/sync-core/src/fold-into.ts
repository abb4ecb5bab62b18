import type { AskStores } from './ask-stores.ts'
import type { TellRecords } from './changes/tell-records.ts'
import { withChange, withoutChange } from './pure/change/record-change.ts'
import { type Decision, foldRecord } from './pure/fold/fold-record.ts'
import { questionsAbout } from './pure/fold/ties.ts'
import type { RecordKind } from './pure/kinds.ts'
import type { RecordState } from './pure/record.ts'
import type { Statement } from './pure/statement.ts'
import type { RecordStore } from './record-store.ts'
import type { ResolveParts } from './resolve-parts.ts'

/** Records of one kind as they are after some statements, and how it went. */
export type Folded = {
  readonly kind: RecordKind
  readonly records: readonly RecordState[]
  readonly saved: number
  readonly lost: number
  /** Times at which a store said different things, about which it was asked. */
  readonly ties: number
}

/**
 * Folds statements of one kind into their records and saves what changed, and what their deletions of parts say of other
 * records of the kind; decides again what lost its guard. Asks stores that said different things at one time.
 */
export type FoldInto = (kind: RecordKind, statements: readonly Statement[]) => Promise<Folded>

/** So many lost guards in a row are no race any more. */
const attempts = 40

export function createFoldInto(deps: {
  readonly records: Pick<RecordStore, 'loadMany' | 'saveMany'>
  readonly changes: Pick<TellRecords, 'tells'>
  /** Waits a little, longer at each attempt. */
  readonly pause: (attempt: number) => Promise<void>
  /** What deletions that named a part alone say of the records that list it. */
  readonly resolveParts: ResolveParts
  /** Asks a store for what only it can say. */
  readonly ask: AskStores
  readonly now?: () => number
}): FoldInto {
  const { now = Date.now } = deps

  return async function foldInto(kind, statements) {
    const first = await fold(kind, statements)
    const derived = await deps.resolveParts(kind, first.records)
    if (derived.length === 0) return first
    const second = await fold(kind, derived)
    const records = new Map([...first.records, ...second.records].map((record) => [record.id, record]))
    const [saved, lost, ties] = [first.saved + second.saved, first.lost + second.lost, first.ties + second.ties]
    return { kind, records: [...records.values()], saved, lost, ties }
  }

  async function fold(kind: RecordKind, statements: readonly Statement[]): Promise<Folded> {
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
