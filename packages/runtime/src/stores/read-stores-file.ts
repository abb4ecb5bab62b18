import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Environment } from '../config/setting.ts'
import { errorText } from '../describe-error.ts'
import { parseStores } from './parse-stores.ts'
import type { Platform, Store } from './store.ts'

/** Files → hash of what was read. Taken before the content is used, so that a change in between is seen later. */
export type Seen = ReadonlyMap<string, string>

/** Remarks read `stores.yaml:12: …`. */
export type StoresFileRead = { readonly seen: Seen } & (
  | { readonly ok: true; readonly stores: readonly Store[]; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly errors: readonly string[] }
)

/** Reads the stores file and the files its secrets come from. Never rejects: what cannot be read is an error in it. */
export async function readStoresFile(
  path: string,
  options: { readonly env: Environment; readonly reads: (platform: Platform) => boolean },
): Promise<StoresFileRead> {
  const content = await readFile(path).catch((error: unknown) => errorText(error))
  if (typeof content === 'string') {
    return {
      ok: false,
      errors: [`${path} cannot be read: ${content}`],
      seen: new Map([[path, contentHash(undefined)]]),
    }
  }
  const seen = new Map([[path, contentHash(content)]])
  const usesFile = (file: string) => void seen.set(file, contentHash(readIfThere(file)))
  const parsed = parseStores(content.toString('utf8'), { ...options, usesFile })
  const told = (remarks: readonly { line: number; text: string }[]) =>
    remarks.map(({ line, text }) => `${path}:${line}: ${text}`)
  if (!parsed.ok) return { ok: false, errors: told(parsed.errors), seen }
  return { ok: true, stores: parsed.stores, warnings: told(parsed.warnings), seen }
}

/** True when a file's bytes differ from those seen, or it came or went; its times say nothing. */
export async function changedSince(seen: Seen): Promise<boolean> {
  const differs = [...seen].map(async ([file, hash]) => contentHash(await readFile(file).catch(nothing)) !== hash)
  return (await Promise.all(differs)).includes(true)
}

const nothing = (): undefined => undefined

const contentHash = (content: Buffer | undefined): string =>
  content === undefined ? 'missing' : createHash('sha256').update(content).digest('base64')

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch {
    return undefined // the reader of the secret says why, with its line
  }
}
