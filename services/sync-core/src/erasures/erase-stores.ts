import { setTimeout as after } from 'node:timers/promises'
import { errorText, type Logger } from '@varai/runtime'
import type { LeaseStore } from '@varai/runtime/leases'
import type { Draft, PrivacyConfirmed } from '@varai/schemas'
import type { TellRecords } from '../changes/tell-records.ts'
import type { FoldInto } from '../fold-into.ts'
import type { Project } from '../projections.ts'
import { aiSessionKind, customerKind, kinds } from '../pure/kinds.ts'
import { isPlainObject } from '../pure/plain.ts'
import type { RecordState } from '../pure/record.ts'
import type { RecordStore } from '../record-store.ts'
import { adding } from './erase-named.ts'
import type { Erasing, ErasureStore } from './erasure-store.ts'

export type EraseStoresDeps = {
  readonly erasures: Pick<ErasureStore, 'openOfStores' | 'over'>
  readonly records: Pick<RecordStore, 'pageAfter'>
  readonly foldInto: FoldInto
  readonly project: Project
  readonly changes: Pick<TellRecords, 'tell'>
  readonly copySessions: (sessions: readonly RecordState[]) => Promise<void>
  /** Takes what is erased out of what lies beside records and documents. */
  readonly tidy: (erasing: Erasing) => Promise<void>
  readonly confirm: (confirmation: Draft<PrivacyConfirmed>) => Promise<void>
  readonly leases: LeaseStore
  readonly log: Logger
  readonly now?: () => number
  /** Records at a time; 200 unless told. */
  readonly pageSize?: number
}

/** Behind which record of which kind the walk stands, and what there was on the way, by collection. */
type Progress = { readonly kind: number; readonly behind: string; readonly counts: Readonly<Record<string, number>> }

const leaseMs = 60_000

/**
 * Erases all that there is of stores whose erasure was asked for, page by page, and confirms it. One process at a time;
 * where it stands is kept with its lease, and a page that is done again changes nothing, so it may be killed anywhere.
 * What comes late is erased by whoever saves it, from when the request was taken up. Returns how many stores are over.
 */
export function createEraseStores(deps: EraseStoresDeps) {
  const { erasures, records, leases, now = Date.now, pageSize = 200 } = deps

  return async function eraseStores(stopping: AbortSignal): Promise<number> {
    let over = 0
    for (const erasing of await erasures.openOfStores()) if (await eraseStore(erasing, stopping)) over += 1
    return over
  }

  async function eraseStore(erasing: Erasing, stopping: AbortSignal): Promise<boolean> {
    const claim = await leases.claim(`erasure ${erasing.id}`, leaseMs)
    if (claim.kind === 'not now') return false
    const { lease } = claim
    let progress = progressOf(lease.state)
    while (progress.kind < kinds.length) {
      if (stopping.aborted || !(await leases.hold(lease, leaseMs, progress))) {
        await leases.release(lease, 0, progress)
        return false
      }
      progress = await erasePage(erasing, progress)
    }
    const { id: requestId, merchantId, subject: subjectRef } = erasing
    const { counts } = progress
    const outcome = Object.keys(counts).length > 0 ? 'done' : 'nothing-held'
    await deps.confirm({ ...{ requestId, merchantId, subjectRef, service: 'sync-core', outcome, counts }, at: now() })
    await erasures.over(requestId, now())
    await leases.release(lease, 0, progress)
    deps.log.info({ requestId, ...counts }, 'erasure.done')
    return true
  }

  async function erasePage(erasing: Erasing, { kind: at, behind, counts }: Progress): Promise<Progress> {
    const kind = kinds[at]
    const prefix = `${erasing.store}|`
    const page = kind === undefined ? [] : await records.pageAfter(kind, behind === '' ? prefix : behind, pageSize)
    const own = page.filter(({ id }) => id.startsWith(prefix))
    const last = own.at(-1)
    if (kind === undefined || last === undefined) return { kind: at + 1, behind: '', counts }
    const folded = await deps.foldInto(
      kind,
      own.flatMap((record) => adding(record, erasing)),
    )
    const byId = new Map([...own, ...folded.records].map((record) => [record.id, record]))
    const all = { kind, records: [...byId.values()] }
    if (kind === customerKind) await deps.tidy({ ...erasing, customers: own.map(({ id }) => id) })
    // whom sessions named is in what they were before as well
    await Promise.all([deps.changes.tell([all]), deps.project([{ kind, records: own }, all])])
    if (kind === aiSessionKind) await deps.copySessions(all.records)
    const count = (counts[kind.collection] ?? 0) + own.length
    return { kind: at, behind: last.id, counts: { ...counts, [kind.collection]: count } }
  }
}

function progressOf(state: unknown): Progress {
  if (!isPlainObject(state)) return { kind: 0, behind: '', counts: {} }
  const { kind, behind, counts } = state
  return {
    kind: typeof kind === 'number' ? kind : 0,
    behind: typeof behind === 'string' ? behind : '',
    counts: isPlainObject(counts)
      ? Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, Number(n)]))
      : {},
  }
}

/** Erases stores that are to be erased. Resolves when told to stop. */
export async function keepErasingStores(
  eraseStores: ReturnType<typeof createEraseStores>,
  options: { readonly stopping: AbortSignal; readonly log: Logger; readonly everyMs?: number },
): Promise<void> {
  const { stopping, log, everyMs = 10_000 } = options
  while (!stopping.aborted) {
    // the database or Kafka is away: what was done is kept
    await eraseStores(stopping).catch((error: unknown) => log.warn({ error: errorText(error) }, 'erasure.failed'))
    await after(everyMs, undefined, { signal: stopping }).catch(() => undefined)
  }
}
