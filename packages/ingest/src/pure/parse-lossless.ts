import { parse } from 'lossless-json'
import type { Read } from './foreign-values.ts'
import { mostValues, restoreNumbers, scanJson } from './scan-json.ts'

export type JsonLimits = {
  /** Largest body in bytes. */
  readonly maxBytes: number
  /** How deep objects and lists may lie in one another. */
  readonly maxDepth: number
}
export const jsonLimits: JsonLimits = { maxBytes: 10 * 1024 * 1024, maxDepth: 64 }

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * JSON bytes → plain objects, lists, texts, and numbers in their exact digits: a JavaScript number where that prints
 * the very characters that the document has, a `LosslessNumber` where it does not. Refuses what is not strict UTF-8 (a
 * byte order mark is skipped), what nests deeper than the limit or holds more than 500,000 values, and an object that
 * names one key twice with different values. Never throws; reasons name a position and never quote the document.
 */
export function parseLossless(bytes: Buffer, limits: JsonLimits = jsonLimits): Read<unknown> {
  if (bytes.length > limits.maxBytes) return refused(`the body is larger than ${limits.maxBytes} bytes`)
  if (bytes.length === 0) return refused('the body is empty')
  return parseFast(bytes, limits) ?? parseCarefully(bytes, limits)
}

/** With the engine's own parser, six times faster. Undefined where that might lose something, or refuses. */
function parseFast(bytes: Buffer, limits: JsonLimits): Read<unknown> | undefined {
  const unsafe = scanJson(bytes, limits.maxDepth)
  if (unsafe === undefined) return undefined
  try {
    return { ok: true, value: restoreNumbers(JSON.parse(utf8.decode(bytes)), bytes, unsafe) }
  } catch {
    // Why, and where, the other one says.
    return undefined
  }
}

/** Byte by byte: what knows of every key and every digit. */
export function parseCarefully(bytes: Buffer, limits: JsonLimits = jsonLimits): Read<unknown> {
  const unbearable = reasonNotToRead(bytes, limits)
  if (unbearable !== undefined) return refused(unbearable)
  try {
    return { ok: true, value: parse(utf8.decode(bytes)) }
  } catch (error) {
    return refused(reasonOf(error))
  }
}

const refused = (reason: string): Read<never> => ({ ok: false, reason })

/** Messages of the parser quote what they found; only where it is may leave this file. */
function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) {
    const position = /position (\d+)$/.exec(error.message)?.[1]
    const what = error.message.startsWith('Duplicate key') ? 'one key stands twice in an object' : 'not JSON'
    return position === undefined ? what : `${what}, at character ${position}`
  }
  if (error instanceof TypeError) return 'not UTF-8'
  if (error instanceof RangeError) return 'too deep or too large to read'
  throw error
}

const quote = 0x22
const backslash = 0x5c

/**
 * Counted on the bytes, before anything is decoded: a body of 100,000 opening brackets costs one pass instead of a
 * call stack, and one of five million empty objects no memory. Every byte of a multi-byte UTF-8 character is above 0x7f,
 * so none can be mistaken for a bracket.
 */
function reasonNotToRead(bytes: Buffer, { maxDepth }: JsonLimits): string | undefined {
  let depth = 0
  let values = 1
  let inText = false
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (inText) {
      if (byte === backslash) at += 1
      else if (byte === quote) inText = false
    } else if (byte === quote) inText = true
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1
      values += 1
      if (depth > maxDepth) return `the body nests deeper than ${maxDepth} levels`
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1
    else if (byte === 0x2c) values += 1
    if (values > mostValues) return `the body holds more than ${mostValues} values`
  }
  return undefined
}
