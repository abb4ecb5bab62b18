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

/** What somebody says of two customers' records; `withdrawn` takes back what was said of them. */
export type Word = {
  readonly merchantId: string
  readonly records: readonly [string, string]
  readonly says: 'same' | 'not_same' | 'unsure' | 'withdrawn'
  readonly by: string
  readonly why: string
}

/** What became of it; `waiting` where no process has answered yet. */
export type Answered = { readonly state: 'shown' | 'refused' | 'waiting'; readonly reason: string }

type Kept = { _id: string; state: string; reason?: string } & Record<string, unknown>

/** Asks, and waits for the answer until `signal` aborts. */
export function askDecision(
  db: Db,
  about: { readonly collection: string; readonly document: Document & { _id: string }; readonly wish: Wish },
  signal: AbortSignal,
): Promise<Answered> {
  const { merchantId, version, _id: documentId } = about.document
  const { asked, ...wish } = about.wish
  // values may be named by shops, with dots and dollars
  const question = { merchantId, collection: about.collection, documentId, version, ...wish }
  return ask(db, 'decisions', { ...question, asked: JSON.stringify(asked) }, signal)
}

/** The same for what is said of two records. */
export function askVerdict(db: Db, { records, ...said }: Word, signal: AbortSignal): Promise<Answered> {
  return ask(db, 'verdicts', { ...said, pair: [...records].sort() }, signal)
}

async function ask(db: Db, collection: string, question: object, signal: AbortSignal): Promise<Answered> {
  const questions = db.collection<Kept>(collection)
  const id = randomUUID()
  await questions.insertOne({ _id: id, ...question, at: new Date(), state: 'asked' })
  for (;;) {
    const kept = await questions.findOne({ _id: id })
    const state = kept?.state
    if (state === 'shown' || state === 'refused') return { state, reason: kept?.reason ?? '' }
    if (signal.aborted) return { state: 'waiting', reason: '' }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
