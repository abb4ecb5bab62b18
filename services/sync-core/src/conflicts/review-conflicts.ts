import { type DecodedRecord, done, type Outcome, rejected, skipped } from '@varai/kafka'
import type { Logger } from '@varai/runtime'
import type { Erasing } from '../erasures/erasure-store.ts'
import { review } from '../pure/conflict/review.ts'
import { isPlainObject, type PlainObject, toPlainObject } from '../pure/plain.ts'
import { type CanonicalDocument, documents } from '../pure/policy/field-groups.ts'
import type { ConflictStore, Reviewed } from './conflict-store.ts'

/** A canonical document as it was at some version. */
export type Pictured = {
  readonly collection: CanonicalDocument
  readonly documentId: string
  readonly merchantId: string
  readonly version: number
  readonly image: PlainObject
  /** When it became so, ms. */
  readonly at: number
}

export type ReviewDeps = {
  readonly conflicts: ConflictStore
  /** Documents as they are now. */
  readonly present: (collection: CanonicalDocument, ids: readonly string[]) => Promise<readonly Pictured[]>
  /** Those erasures that concern any of these customers' records. Sees at least what was kept before the call. */
  readonly erasures: (records: readonly string[]) => Promise<readonly Pick<Erasing, 'customers' | 'at'>[]>
  readonly pause: (attempt: number) => Promise<void>
  readonly log: Logger
}

/** So many lost guards in a row are no race any more. */
const attempts = 40
const idOf = ({ collection, documentId }: Pictured): string => `${collection}|${documentId}`

type Read = {
  readonly outcome: Outcome
  readonly pictured?: Pictured
  readonly ask?: Pick<Pictured, 'collection' | 'documentId'>
}

/** The handler of changes: keeps the queue of conflicts. Of each document the newest version counts, however they come. */
export function createReviewConflicts({ conflicts, present, erasures, pause, log }: ReviewDeps) {
  return async function reviewConflicts(batch: readonly DecodedRecord[]): Promise<Outcome[]> {
    const read = batch.map(readChange)
    const asked = Map.groupBy(
      read.flatMap(({ ask }) => ask ?? []),
      ({ collection }) => collection,
    )
    const pictured = read.flatMap((each) => each.pictured ?? [])
    for (const [collection, of] of asked) {
      pictured.push(...(await present(collection, [...new Set(of.map(({ documentId }) => documentId))])))
    }
    const opened = await apply(pictured)
    // What was opened by a change that came late is over already, and nothing would come any more to say so.
    const now: Pictured[] = []
    for (const [collection, of] of Map.groupBy(opened, (each) => each.collection)) {
      now.push(
        ...(await present(
          collection,
          of.map(({ documentId }) => documentId),
        )),
      )
    }
    await apply(now)
    log.info({ records: batch.length, documents: pictured.length, opened: opened.length }, 'conflicts.reviewed')
    return read.map(({ outcome }) => outcome)
  }

  /** Returns the documents that had no entries before. */
  async function apply(all: readonly Pictured[]): Promise<Pictured[]> {
    const newest = new Map<string, Pictured>()
    for (const each of all) if (each.version > (newest.get(idOf(each))?.version ?? 0)) newest.set(idOf(each), each)
    const opened: Pictured[] = []
    const kept = new Set<string>()
    let open: ReadonlySet<string> = new Set(newest.keys())
    for (let attempt = 1; open.size > 0; attempt += 1) {
      if (attempt > attempts) throw new Error(`conflicts: guards were lost ${attempts} times in a row`)
      if (attempt > 1) await pause(attempt)
      const held = await conflicts.load([...open])
      const writes = [...open].flatMap((id) => reviewed(held.get(id), newest.get(id)))
      open = await conflicts.save(writes)
      for (const { reviewed: of } of writes) for (const record of recordsIn(of)) kept.add(record)
      for (const {
        reviewed: { id },
        before,
      } of writes) {
        const document = newest.get(id)
        if (before === undefined && document !== undefined && !open.has(id)) opened.push(document)
      }
    }
    await forgetErased([...kept])
    return opened
  }

  /** A change that comes late may tell what is erased by now. Whoever erases looks here afterwards, as we look there. */
  async function forgetErased(records: readonly string[]): Promise<void> {
    for (const { customers, at } of records.length === 0 ? [] : await erasures(records)) {
      await conflicts.forget(customers, at)
    }
  }
}

const recordsIn = ({ entries }: Reviewed): string[] =>
  entries.flatMap(({ sides }) => sides.flatMap(({ record }) => (typeof record === 'string' ? [record] : [])))

function reviewed(held: Reviewed | undefined, document: Pictured | undefined) {
  if (document === undefined || document.version <= (held?.documentVersion ?? 0)) return []
  const entries = review(held?.entries ?? [], document.image, document.at)
  // most documents never have any
  if (entries.length === 0 && held === undefined) return []
  const { merchantId, version: documentVersion } = document
  return [{ reviewed: { id: idOf(document), merchantId, documentVersion, entries }, before: held?.documentVersion }]
}

function readChange(record: DecodedRecord): Read {
  if (record.record !== 'DocumentChanged') return { outcome: skipped(`not a change: ${record.record}`) }
  const { collection: named, documentId, merchantId, version, after, afterIs, at } = record.value
  const collection = documents.find((name) => name === named)
  if (collection === undefined) return { outcome: skipped('its documents have no conflicts') }
  if (afterIs === 'superseded') return { outcome: skipped('a newer change has the document') }
  if (afterIs === 'too_large') return { outcome: done, ask: { collection, documentId } }
  const image = imageIn(after ?? '{}')
  if (image === undefined) return { outcome: rejected('after: not the text of a document') }
  return { outcome: done, pictured: { collection, documentId, merchantId, version, image, at } }
}

function imageIn(text: string): PlainObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isPlainObject(value) ? toPlainObject(value) : undefined
  } catch {
    return undefined
  }
}
