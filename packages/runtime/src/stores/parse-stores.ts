import { type Document, isPair, isScalar, visit } from 'yaml'
import type { Environment } from '../config/setting.ts'
import { type FileRemark, type LineOf, pathText, readYaml } from '../yaml/read-yaml.ts'
import { storesFileSchema } from './file-schema.ts'
import { canonicalStoreId, type Platform, platforms, type Store } from './store.ts'

export type ParsedStores =
  | { readonly ok: true; readonly stores: readonly Store[]; readonly warnings: readonly FileRemark[] }
  | { readonly ok: false; readonly errors: readonly FileRemark[] }

/** Text of a stores file → its stores, or every error in it at once, in the order of the lines. */
export function parseStores(
  text: string,
  options: {
    readonly env: Environment
    /** Whether secrets of this platform's stores are resolved; without it, all are. */
    readonly reads?: (platform: Platform) => boolean
    /** Told of each file that a secret comes from, before it is read. */
    readonly usesFile?: (path: string) => void
  },
): ParsedStores {
  const usesFile = options.usesFile ?? (() => undefined)
  const file = readYaml(text, {
    schema: storesFileSchema({ env: options.env, usesFile }, options.reads ?? all),
    nameOf: (path, content) => ({ name: lastName(path), of: storeNamed(content, path) }),
    further: duplicates,
  })
  if (!file.ok) return file
  const stores = file.value.merchants.flatMap((merchant) =>
    merchant.stores.map((store): Store => ({ merchantId: merchant.id, ...store })),
  )
  return { ok: true, stores, warnings: literals(file.document, file.lineAt, options.env) }
}

const all = (): boolean => true

/** As short as it can be understood: below the store, where there is one. */
const lastName = (path: readonly PropertyKey[]): string => pathText(path.length > 4 ? path.slice(4) : path)

/** Which store or merchant a path is about, for people: lines move. */
function storeNamed(content: unknown, path: readonly PropertyKey[]): string {
  const [, merchantIndex, , storeIndex] = path
  const merchant = at(at(content, 'merchants'), merchantIndex)
  const merchantId = at(merchant, 'id')
  const storeId = at(at(at(merchant, 'stores'), storeIndex), 'id')
  const known = [merchantId, storeId].filter((id) => typeof id === 'string')
  return known.length === 0 ? '' : ` (${known.join(', ')})`
}

function at(value: unknown, key: PropertyKey | undefined): unknown {
  if (typeof value !== 'object' || value === null || key === undefined) return undefined
  return Reflect.get(value, key)
}

const listAt = (value: unknown, key: string): readonly unknown[] => {
  const list = at(value, key)
  return Array.isArray(list) ? list : []
}

/** One merchant id names one merchant, and one id of one platform one store, whoever owns it. */
function duplicates(content: unknown, line: LineOf): FileRemark[] {
  const seen = new Map<string, number>()
  const remarks: FileRemark[] = []
  const once = (key: string, what: string, path: readonly PropertyKey[]) => {
    const first = seen.get(key)
    if (first === undefined) seen.set(key, line(path))
    else remarks.push({ line: line(path), text: `${what} is there twice; first on line ${first}` })
  }
  listAt(content, 'merchants').forEach((merchant, m) => {
    const merchantId = at(merchant, 'id')
    if (typeof merchantId === 'string') once(`merchant ${merchantId}`, `merchant ${merchantId}`, ['merchants', m, 'id'])
    listAt(merchant, 'stores').forEach((store, s) => {
      const id = at(store, 'id')
      const platform = platforms.find((known) => known === at(store, 'platform'))
      if (typeof id !== 'string' || platform === undefined) return
      const canonical = canonicalStoreId(platform, id.trim())
      once(`${platform} ${canonical}`, `${platform} store ${canonical}`, ['merchants', m, 'stores', s, 'id'])
    })
  })
  return remarks
}

/** Literal secrets are for development; in production each is pointed at. */
function literals(document: Document, lineAt: (offset: number) => number, env: Environment): FileRemark[] {
  if (env.NODE_ENV !== 'production') return []
  const remarks: FileRemark[] = []
  visit(document, {
    Pair(_, pair) {
      if (!isPair(pair) || !isScalar(pair.key) || pair.key.value !== 'literal') return
      remarks.push({
        line: lineAt(pair.key.range?.[0] ?? 0),
        text: 'a secret is written into the file; in production name it instead: { env: NAME }',
      })
    },
  })
  return remarks
}
