import type { RecordKind } from './pure/kinds.ts'
import { platformAtOf } from './pure/moment.ts'
import { buriedPartIds, mayBePart, partIds } from './pure/part-ids.ts'
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
    const own = new Set(ours.map(({ id }) => id))
    return [...all.values()].flatMap((holder) => {
      const parts = [...partIds(holder), ...(own.has(holder.id) ? [] : buriedPartIds(holder))]
      return parts.flatMap(([id, part]) => buried(holder, part, graves.get(id)) ?? [])
    })
  }
}

/**
 * What the deletion says of the record that lists the part, or did until this very deletion: whoever saved that may have
 * died before it was shown. Undefined where there is none, or the part came later.
 */
function buried(holder: RecordState, part: string, grave: RecordState | undefined): Statement | undefined {
  const moment = grave?.existence.gone?.moment
  const list = holder.lists[holder.kind.parts ?? '']
  if (moment === undefined || list === undefined) return undefined
  const at = platformAtOf(moment)
  const element = list.elements.get(part)
  if (element === undefined ? list.gone.get(part) !== at : platformAtOf(element.moment) > at) return undefined
  const { kind, id: recordId, merchantId, platform, storeId, platformId } = holder
  return { kind, recordId, merchantId, platform, storeId, platformId, moment, at, says: { what: 'part deleted', part } }
}
