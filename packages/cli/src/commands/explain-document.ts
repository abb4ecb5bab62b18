import { type Environment, mongoSettings } from '@varai/runtime'
import type { Db } from 'mongodb'
import { readSettings } from '../addresses.ts'
import { type Found, findDocuments, withDatabase } from '../document-store.ts'
import { type Explained, explain } from '../pure/explain.ts'
import { verdictsIn } from '../pure/explain-identity.ts'
import { plainDocument } from '../pure/plain-document.ts'
import { printable } from '../pure/printable.ts'
import { findReasons } from '../reason-store.ts'
import type { Terminal } from '../terminal.ts'

export type ExplainOptions = { kind: 'user' | 'item'; id: string; merchant?: string | undefined }

/** Prints why a document says what it says. Exit code 1 when there is none; of several each is explained. */
export async function explainDocument(terminal: Terminal, env: Environment, options: ExplainOptions): Promise<0 | 1> {
  const { mongo } = readSettings(env, { mongo: mongoSettings })
  const all = await withDatabase(mongo, async (db) => {
    const found = await findDocuments(db, options)
    return Promise.all(found.map((document) => explainedOf(db, options.kind, document)))
  })
  if (all.length === 0) {
    terminal.tell(`varai: no ${options.kind} ${printable(options.id)}`)
    return 1
  }
  for (const explained of all) for (const line of explain(explained)) await terminal.print(line)
  return 0
}

async function explainedOf(db: Db, kind: Explained['kind'], document: Found): Promise<Explained> {
  const members = kind === 'user' ? (document['members'] ?? []).map(String) : []
  const plain = plainDocument(document, true)
  const decisions = (document['decisions'] ?? []).map(String)
  const reasons = await findReasons(db, { accounts: members, decisions, verdicts: verdictsIn(plain) })
  return { kind, document: plain, ...reasons }
}
