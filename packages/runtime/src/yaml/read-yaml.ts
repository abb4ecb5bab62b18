import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'

/** Something about a file that a person should see, with the line it is about, counted from 1. */
export type FileRemark = { readonly line: number; readonly text: string }

export type YamlFile<T> =
  | { readonly ok: false; readonly errors: readonly FileRemark[] }
  | {
      readonly ok: true
      readonly value: T
      readonly document: Document.Parsed
      readonly lineAt: (offset: number) => number
    }

/** The line on which something of the file stands. */
export type LineOf = (path: readonly PropertyKey[]) => number

/** Text of a YAML file → what its schema makes of it, or every error in it at once, in the order of the lines. */
export function readYaml<S extends z.ZodType>(
  text: string,
  options: {
    readonly schema: S
    /** A path as people read it; the whole path unless told. */
    readonly nameOf?: (path: readonly PropertyKey[], content: unknown) => { readonly name: string; readonly of: string }
    /** Errors that no schema of a part can see. */
    readonly further?: (content: unknown, line: LineOf) => readonly FileRemark[]
  },
): YamlFile<z.output<S>> {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  const lineAt = (offset: number) => lineCounter.linePos(offset).line
  if (document.errors.length > 0) {
    const errors = document.errors.map((error) => ({ line: lineAt(error.pos[0]), text: error.message }))
    return { ok: false, errors }
  }
  const content = contentOf(document)
  if (!content.ok) return { ok: false, errors: [{ line: 1, text: content.reason }] }

  const result = options.schema.safeParse(content.value)
  const line: LineOf = (path) => lineAt(offsetOf(document, path))
  const nameOf = (path: readonly PropertyKey[]) =>
    options.nameOf?.(path, content.value) ?? { name: pathText(path), of: '' }
  const errors = [
    ...(result.success ? [] : result.error.issues.flatMap((issue) => remarksOn(issue, nameOf, line))),
    ...(options.further?.(content.value, line) ?? []),
  ].toSorted((a, b) => a.line - b.line)
  if (!result.success || errors.length > 0) return { ok: false, errors }
  return { ok: true, value: result.data, document, lineAt }
}

function contentOf(document: Document): { ok: true; value: unknown } | { ok: false; reason: string } {
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: 100 }) }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  }
}

function remarksOn(
  issue: z.core.$ZodIssue,
  nameOf: (path: readonly PropertyKey[]) => { readonly name: string; readonly of: string },
  line: LineOf,
): FileRemark[] {
  const { name, of } = nameOf(issue.path)
  if (issue.code !== 'unrecognized_keys') return [{ line: line(issue.path), text: `${name} ${issue.message}${of}` }]
  const messages = issue.message.split('\n')
  return issue.keys.map((key, index) => ({ line: line([...issue.path, key]), text: `${key} ${messages[index]}${of}` }))
}

/** `allowedOrigins[0]`, `webhookSecrets.current`, `currency`. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? 'the file' : path.map((part, index) => step(part, index)).join('')

const step = (part: PropertyKey, index: number): string =>
  typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`

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
