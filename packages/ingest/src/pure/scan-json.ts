import { LosslessNumber } from 'lossless-json'

/**
 * Where numbers stand that a double would not print as they are written, each by the way to it: its depth, then for
 * every level the container's number in the document and the key's first byte and the byte after it (or -1 and the
 * index, in a list), then the first byte of the number and the byte after it.
 */
export type UnsafeNumbers = { readonly ways: Int32Array; readonly end: number }

const quote = 0x22
const comma = 0x2c
const minus = 0x2d
const dot = 0x2e
const zero = 0x30
const nine = 0x39
const openList = 0x5b
const backslash = 0x5c
const closeList = 0x5d
const openObject = 0x7b
const closeObject = 0x7d

/** Doubles tell decimals of so many digits apart, and print those of so many after the point without an exponent. */
const safeDigits = 15
const safeFraction = 6
/** Earlier keys of an object are gone through one by one. */
const mostKeys = 256
/** Longer texts are searched by the engine, which is faster but takes longer to start. */
const shortText = 48
const intsPerLevel = 3
/** A product of 10 MB has half of it; as objects so many take 30 MB of memory. */
export const mostValues = 500_000
/** Ways to so many numbers take 4 MB; they are as long as they are deep. */
const mostWays = 1_048_576

const deepest = 64
const isList = new Uint8Array(deepest + 1)
const container = new Int32Array(deepest + 1)
const keyAt = new Int32Array(deepest + 1)
const keyEnd = new Int32Array(deepest + 1)
const firstHash = new Int32Array(deepest + 1)
const hashes = new Int32Array((deepest + 1) * mostKeys)
let ways = new Int32Array(1_024)

/**
 * Looks at JSON once, byte by byte, and says what `JSON.parse` would lose of it: the numbers that it would round or
 * print otherwise. Undefined where only a careful parser can tell: a key that may stand twice in an object, an escaped
 * key, more than `maxDepth` levels or {@link mostValues} values. What is not JSON gives anything; `JSON.parse` then throws.
 *
 * Every byte of a multi-byte UTF-8 character is above 0x7f, so none can be mistaken for a bracket or a quote. The result
 * is good until the next call.
 */
export function scanJson(bytes: Uint8Array & Pick<Buffer, 'indexOf'>, maxDepth: number): UnsafeNumbers | undefined {
  const { length } = bytes
  const limit = Math.min(maxDepth, deepest)
  let depth = 0
  let containers = 0
  let commas = 0
  let hashed = 0
  let end = 0
  let keyIsNext = false
  let at = 0
  while (at < length) {
    const byte = bytes[at] ?? 0
    at += 1
    if (byte === quote) {
      if (!keyIsNext) {
        at = endOfText(bytes, at)
        continue
      }
      const start = at
      let hash = 0
      for (let code = bytes[at]; code !== quote; code = bytes[at]) {
        if (code === undefined || code === backslash) return undefined
        hash = (Math.imul(hash, 31) + code) | 0
        at += 1
      }
      const first = firstHash[depth] ?? 0
      if (hashed - first >= mostKeys) return undefined
      for (let other = first; other < hashed; other += 1) if (hashes[other] === hash) return undefined
      hashes[hashed] = hash
      hashed += 1
      keyAt[depth] = start
      keyEnd[depth] = at
      keyIsNext = false
      at += 1
    } else if (byte === comma) {
      commas += 1
      if (isList[depth] === 1) keyEnd[depth] = (keyEnd[depth] ?? 0) + 1
      else keyIsNext = true
    } else if (byte === openObject || byte === openList) {
      if (depth === limit) return undefined
      depth += 1
      containers += 1
      container[depth] = containers
      firstHash[depth] = hashed
      keyIsNext = byte === openObject
      isList[depth] = keyIsNext ? 0 : 1
      keyAt[depth] = -1
      keyEnd[depth] = 0
    } else if (byte === closeObject || byte === closeList) {
      if (depth === 0) return undefined
      hashed = firstHash[depth] ?? 0
      depth -= 1
      keyIsNext = false
    } else if (byte === minus || (byte >= zero && byte <= nine)) {
      const start = at - 1
      at = endOfNumber(bytes, at)
      if (isSafe(bytes, start, at)) continue
      if (depth === 0 || end + intsPerLevel * (depth + 1) > mostWays) return undefined
      end = noteWay(end, depth, start, at)
    }
  }
  return commas + containers < mostValues ? { ways, end } : undefined
}

/** Behind the quote that ends the text that `at` is in. */
function endOfText(bytes: Uint8Array & Pick<Buffer, 'indexOf'>, begin: number): number {
  let at = begin
  for (const near = at + shortText; at < near; at += 1) {
    const byte = bytes[at]
    if (byte === quote) return at + 1
    if (byte === backslash) at += 1
  }
  for (;;) {
    const found = bytes.indexOf(quote, at)
    if (found === -1) return bytes.length
    let escapes = 0
    while (bytes[found - 1 - escapes] === backslash && found - 1 - escapes >= at) escapes += 1
    at = found + 1
    if (escapes % 2 === 0) return at
  }
}

/** Behind the last byte that can be of the number before `at`. */
function endOfNumber(bytes: Uint8Array, begin: number): number {
  let at = begin
  for (;;) {
    const byte = bytes[at] ?? 0
    // Digits, the point, and what exponents are written with.
    const isPart = (byte >= zero && byte <= nine) || byte === dot || byte === minus || byte === 0x2b
    if (!isPart && byte !== 0x65 && byte !== 0x45) return at
    at += 1
  }
}

/** Whether a double prints just these characters. */
function isSafe(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] === minus ? start + 1 : start
  if (end - first > safeDigits + 1) return false
  let point = end
  for (let at = first; at < end; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte === dot) point = at
    else if (byte < zero || byte > nine) return false
  }
  if (point === end) return end - first <= safeDigits && (first === start || bytes[first] !== zero)
  return end - 1 - point <= safeFraction && bytes[end - 1] !== zero && (bytes[end - 1] ?? 0) !== dot
}

function noteWay(from: number, depth: number, start: number, end: number): number {
  let at = from
  if (at + intsPerLevel * (depth + 1) > ways.length) {
    const larger = new Int32Array(2 * ways.length)
    larger.set(ways)
    ways = larger
  }
  ways[at++] = depth
  for (let level = 1; level <= depth; level += 1) {
    ways[at++] = container[level] ?? 0
    ways[at++] = keyAt[level] ?? 0
    ways[at++] = keyEnd[level] ?? 0
  }
  ways[at++] = start
  ways[at++] = end
  return at
}

/** Puts the numbers that `JSON.parse` lost back into what it made of the same bytes, in their exact digits. */
export function restoreNumbers(tree: unknown, bytes: Buffer, unsafe: UnsafeNumbers): unknown {
  const nodes: unknown[] = [undefined, tree]
  const known: number[] = []
  const { ways, end } = unsafe
  const next = (at: number): number => ways[at] ?? 0
  for (let at = 0; at < end; ) {
    const depth = next(at)
    at += 1
    for (let level = 1; level <= depth; level += 1, at += intsPerLevel) {
      const key = next(at + 1) === -1 ? next(at + 2) : bytes.toString('utf8', next(at + 1), next(at + 2))
      const node = nodes[level]
      if (!isContainer(node)) throw new TypeError('the document is not what was scanned')
      if (level === depth) {
        node[key] = new LosslessNumber(bytes.toString('latin1', next(at + intsPerLevel), next(at + intsPerLevel + 1)))
      } else if (known[level + 1] !== next(at + intsPerLevel)) {
        nodes[level + 1] = node[key]
        known[level + 1] = next(at + intsPerLevel)
      }
    }
    at += 2
  }
  return tree
}

const isContainer = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === 'object' && value !== null
