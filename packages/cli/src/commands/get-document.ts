import { type Environment, mongoSettings } from '@varai/runtime'
import { stringify } from 'yaml'
import { readSettings } from '../addresses.ts'
import { type Found, findDocuments, type Wanted, withDatabase } from '../document-store.ts'
import { plainDocument } from '../pure/plain-document.ts'
import { printable } from '../pure/printable.ts'
import type { Terminal } from '../terminal.ts'

/** Prints the one document that is meant. Exit code 1 when there is none, or several: then these are listed. */
export async function getDocument(
  terminal: Terminal,
  env: Environment,
  options: Wanted & { all: boolean; json: boolean },
): Promise<0 | 1> {
  const { mongo } = readSettings(env, { mongo: mongoSettings })
  const found = await withDatabase(mongo, (db) => findDocuments(db, options))
  const [document, ...others] = found
  if (document === undefined) {
    terminal.tell(`varai: no ${options.kind} ${printable(options.id)}`)
    return 1
  }
  if (others.length > 0) {
    terminal.tell(
      `varai: ${found.length} ${options.kind}s are meant by ${printable(options.id)}; name one by its whole id:`,
    )
    for (const each of found) await terminal.print(options.json ? JSON.stringify(each._id) : printable(each._id))
    return 1
  }
  await terminal.print(textOf(document, options))
  return 0
}

function textOf(document: Found, { all, json }: { all: boolean; json: boolean }): string {
  const plain = plainDocument(document, all)
  if (json) return JSON.stringify(plain, null, 2)
  return stringify(plain, { lineWidth: 0 }).trimEnd().split('\n').map(printable).join('\n')
}
