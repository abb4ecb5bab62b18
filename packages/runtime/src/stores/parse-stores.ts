import { type Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml'
import type { z } from 'zod'
import type { Environment } from '../config/setting.ts'
import { storesFileSchema } from './file-schema.ts'
import { canonicalStoreId, type Platform, platforms, type Store } from './store.ts'

/** Something about the file that a person should see, with the line it is about, counted from 1. */
export type FileRemark = { readonly line: number; readonly text: string }

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
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  const lineAt = (offset: number) => lineCounter.linePos(offset).line
  if (document.errors.length > 0) {
    const errors = document.errors.map((error) => ({ line: lineAt(error.pos[0]), text: error.message }))
    return { ok: false, errors }
  }
  const content = contentOf(document)
  if (!content.ok) return { ok: false, errors: [{ line: 1, text: content.reason }] }

  const usesFile = options.usesFile ?? (() => undefined)
  const schema = storesFileSchema({ env: options.env, usesFile }, options.reads ?? all)
  const result = schema.safeParse(content.value)
  const line = (path: readonly PropertyKey[]) => lineAt(offsetOf(document, path))
  const errors = [
    ...(result.success ? [] : result.error.issues.flatMap((issue) => remarksOn(issue, content.value, line))),
    ...duplicates(content.value, line),
  ].toSorted((a, b) => a.line - b.line)
  if (!result.success || errors.length > 0) return { ok: false, errors }
  const stores = result.data.merchants.flatMap((merchant) =>
    merchant.stores.map((store): Store => ({ merchantId: merchant.id, ...store })),
  )
  return { ok: true, stores, warnings: literals(document, lineAt, options.env) }
}

const all = (): boolean => true

function contentOf(document: Document): { ok: true; value: unknown } | { ok: false; reason: string } {
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: 100 }) }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  }
}

function remarksOn(
  issue: z.core.$ZodIssue,
  content: unknown,
  line: (path: readonly PropertyKey[]) => number,
): FileRemark[] {
  const of = storeNamed(content, issue.path)
  if (issue.code !== 'unrecognized_keys') {
    return [{ line: line(issue.path), text: `${lastName(issue.path)} ${issue.message}${of}` }]
  }
  const messages = issue.message.split('\n')
  return issue.keys.map((key, index) => ({ line: line([...issue.path, key]), text: `${key} ${messages[index]}${of}` }))
}

/** `allowedOrigins[0]`, `webhookSecrets.current`, `currency`: as short as it can be understood. */
function lastName(path: readonly PropertyKey[]): string {
  const below = path.slice(Math.min(path.length, 4))
  if (below.length > 0) return below.map((part, index) => step(part, index)).join('')
  return path.length === 0 ? 'the file' : path.map((part, index) => step(part, index)).join('')
}

const step = (part: PropertyKey, index: number): string =>
  typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`

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
function duplicates(content: unknown, line: (path: readonly PropertyKey[]) => number): FileRemark[] {
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

/** Where in the text a path leads; where a part is missing, what should have held it. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents
  let offset = 0
  const moveTo = (target: unknown) => {
    if (isNode(target) && target.range) offset = target.range[0]
  }
  moveTo(node)
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document)
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === part)
      if (pair === undefined) break
      moveTo(pair.key)
      node = pair.value
    } else if (isSeq(node) && typeof part === 'number') {
      const item = node.items[part]
      if (item === undefined) break
      moveTo(item)
      node = item
    } else break
  }
  return offset
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
