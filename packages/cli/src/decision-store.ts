import { randomUUID } from 'node:crypto'
import type { Db, Document } from 'mongodb'

/** What is asked of one group of fields of a document, and by whom; sync-core answers. */
export type Wish = {
  readonly group: string
  readonly by: string
  readonly why: string
  readonly asked:
    | { readonly what: 'take'; readonly record: string; readonly pinned: boolean }
    | { readonly what: 'give'; readonly values: Readonly<Record<string, unknown>>; readonly pinned: boolean }
    | { readonly what: 'pin' | 'withdraw' }
}

/** What became of it; `waiting` where no process has answered yet. */
export type Answered = { readonly state: 'shown' | 'refused' | 'waiting'; readonly reason: string }

type Kept = { _id: string; state: string; reason?: string } & Record<string, unknown>

/** Asks, and waits for the answer until `signal` aborts. */
export async function askDecision(
  db: Db,
  about: { readonly collection: string; readonly document: Document & { _id: string }; readonly wish: Wish },
  signal: AbortSignal,
): Promise<Answered> {
  const decisions = db.collection<Kept>('decisions')
  const { merchantId, version, _id: documentId } = about.document
  const { asked, ...wish } = about.wish
  const id = randomUUID()
  await decisions.insertOne({
    ...{ _id: id, merchantId, collection: about.collection, documentId, version, ...wish },
    // values may be named by shops, with dots and dollars
    ...{ at: new Date(), state: 'asked', asked: JSON.stringify(asked) },
  })
  for (;;) {
    const kept = await decisions.findOne({ _id: id })
    const state = kept?.state
    if (state === 'shown' || state === 'refused') return { state, reason: kept?.reason ?? '' }
    if (signal.aborted) return { state: 'waiting', reason: '' }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
