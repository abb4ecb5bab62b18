import type { RecordKind } from './pure/kinds.ts'
import { platformAtOf } from './pure/moment.ts'
import { mayBePart, partIds } from './pure/part-ids.ts'
import type { RecordState } from './pure/record.ts'
import type { Statement } from './pure/statement.ts'
import type { RecordStore } from './record-store.ts'

/**
 * Deletions that named a part alone, as statements about the records that list it. `touched` are records that were just
 * saved: what they delete may be listed by others, and what they list may have been deleted before. Of two that are
 * saved at once at least one sees the other, because each looks after it was saved; so it needs no order, and looking
 * again adds nothing.
 */
export type ResolveParts = (kind: RecordKind, touched: readonly RecordState[]) => Promise<Statement[]>

export function createResolveParts(records: Pick<RecordStore, 'loadMany' | 'find'>): ResolveParts {
  return async (kind, touched) => {
    const ours = touched.filter(mayBePart)
    const deleted = ours.filter(({ existence }) => existence.gone !== undefined)
    const listed = new Set(ours.flatMap((record) => [...partIds(record).keys()]))
    const [holders, named] = await Promise.all([
      deleted.length === 0
        ? []
        : records.find(kind, { ids: [], keyField: 'partIds', keys: deleted.map(({ id }) => id) }),
      listed.size === 0 ? new Map<string, RecordState>() : records.loadMany(kind, [...listed]),
    ])
    const graves = new Map([...named.values(), ...deleted].map((record) => [record.id, record]))
    const all = new Map([...holders, ...ours].map((record) => [record.id, record]))
    return [...all.values()].flatMap((holder) =>
      [...partIds(holder)].flatMap(([id, part]) => buried(holder, part, graves.get(id)) ?? []),
    )
  }
}

/** What the deletion says of the record that lists the part; undefined where there is none, or the part came later. */
function buried(holder: RecordState, part: string, grave: RecordState | undefined): Statement | undefined {
  const moment = grave?.existence.gone?.moment
  const element = holder.lists[holder.kind.parts ?? '']?.elements.get(part)
  if (moment === undefined || element === undefined) return undefined
  const at = platformAtOf(moment)
  if (platformAtOf(element.moment) > at) return undefined
  const { kind, id: recordId, merchantId, platform, storeId, platformId } = holder
  return { kind, recordId, merchantId, platform, storeId, platformId, moment, at, says: { what: 'part deleted', part } }
}
