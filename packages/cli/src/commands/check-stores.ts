import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type FileRemark, parseStores } from '@varai/runtime/stores'
import { printable } from '../pure/printable.ts'
import { tableLines } from '../pure/table.ts'
import { Refusal } from '../refusal.ts'
import type { Terminal } from '../terminal.ts'

/**
 * Checks a stores file the way the services read it. `secrets`: also that every secret it names is in this environment.
 * Exit code 1 when it has errors; each is one line on stdout, `file:line: what`.
 */
export async function checkStores(
  terminal: Terminal,
  options: { file: string; secrets: boolean; json: boolean },
): Promise<0 | 1> {
  const text = await readFile(resolve(terminal.folder, options.file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Refusal(`${options.file} cannot be read: ${error.code ?? error.message}`)
  })
  const parsed = parseStores(text, { env: terminal.env, reads: () => options.secrets })
  const stores = parsed.ok
    ? parsed.stores.map(({ merchantId, platform, id, currency }) => ({ merchantId, platform, id, currency }))
    : []
  if (options.json) {
    await terminal.print(JSON.stringify(parsed.ok ? { ...parsed, stores } : parsed, null, 2))
    return parsed.ok ? 0 : 1
  }
  const remarkLine = (remark: FileRemark) => printable(`${options.file}:${remark.line}: ${remark.text}`)
  if (!parsed.ok) {
    for (const error of parsed.errors) await terminal.print(remarkLine(error))
    return 1
  }
  for (const warning of parsed.warnings) terminal.tell(`warning: ${remarkLine(warning)}`)
  const columns = ['MERCHANT', 'PLATFORM', 'STORE', 'CURRENCY'].map((title) => ({ title }))
  const rows = stores.map((store) => [store.merchantId, store.platform, store.id, store.currency].map(printable))
  for (const line of tableLines(columns, rows)) await terminal.print(line)
  return 0
}
