/**
 * Raw face data in places that take free-form values: landmarks, embeddings, images. The first line of defence is that
 * records have no field for them; this finds what somebody puts into a field that was meant for something else.
 */

/** Names of fields that hold raw face data, in lower case and letters alone. `photo` is also in "photochromic", a lens. */
const rawNames =
  /landmark|embedding|keypoint|facemesh|descriptor|faceprint|facetemplate|facevector|featurevector|facepoints|facegeometry|faceencoding|biometric|blendshape|selfie|snapshot|photo(?!chrom)|image|picture|pixels|bitmap|webcam|depthmap|rawdata|rawanalysis|boundingbox|dataur[il]|base64/
const isRawName = (name: string): boolean => rawNames.test(name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''))

/** More numbers in a row than any sizes, prescription or opening hours have. */
const vectorLength = 8
/** More points than a place on a page needs. */
const pointCount = 3
/** Longer than any id, hash or token that has a place here. */
const blobLength = 160
/** How often JSON or base64 may be wrapped in text before what is in it counts as hidden. */
const deepest = 4

// Repetitions have bounds: a text of a stranger's choice must not make matching slow.
const number = String.raw`[+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,3})?`
const numbersInText = new RegExp(`(?:${number}[\\s,;|\\[\\](){}]{1,16}){${vectorLength - 1}}${number}`)
const numberText = new RegExp(`^${number}$`)
const dataUrlInText = /data:(?:image|video|application)\/|data:[\w.+/-]{0,128}(?:;[\w.=+-]{1,64}){0,4};base64,/i
const blobInText = new RegExp(`[A-Za-z0-9+/_-]{${blobLength}}`)
/** `"landmarks":` and `\"landmarks\":`. */
const namesInText = /["']([\w .-]{1,64})\\{0,16}["']\s{0,8}:/g
const base64 = /^(?:[A-Za-z0-9+/_-]{4}){3,}(?:[A-Za-z0-9+/_-]{2,3}={0,2})?$/
/** How PNG, JPEG, GIF, RIFF (WebP) and BMP begin in base64. */
const imageInBase64 = /^(?:iVBORw0KG|\/9j\/|_9j_|R0lGOD|UklGR|Qk0[A-Za-z0-9])/

const removed = '[removed]'

/**
 * The value without raw face data: fields that are named so, lists of numbers and of points, bytes, images and long
 * codes, also as JSON or base64 in text. A text in which any is found becomes `[removed]` as a whole; one that holds
 * JSON is JSON again without it. Plain data in, plain data out; the value given is not changed.
 */
export function dropFaceData(value: unknown): unknown {
  return sweep(value, '', () => undefined, 0)
}

/**
 * Where raw face data stands in a value, as paths; empty when it may be written. For the check before a write: what
 * `dropFaceData` leaves behind always passes. Field names of an attacker's choice are in the paths: not for logs.
 */
export function findFaceData(value: unknown): string[] {
  const found: string[] = []
  sweep(value, '', (path) => found.push(path), 0)
  return found
}

type Tell = (path: string) => void

/** Undefined where nothing may be kept. */
function sweep(value: unknown, path: string, tell: Tell, depth: number): unknown {
  if (typeof value === 'string') return sweepText(value, path, tell, depth)
  if (typeof value !== 'object' || value === null) return value
  if (isRawObject(value) || depth > 64) return forbidden(path, tell)
  if (Array.isArray(value)) {
    return value.map((item, index) => sweep(item, `${path}[${index}]`, tell, depth + 1)).filter(isKept)
  }
  if (isWrappedNumber(value)) return value
  const kept: [string, unknown][] = []
  for (const [name, field] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`
    const swept = isRawName(name) ? forbidden(at, tell) : sweep(field, at, tell, depth + 1)
    if (isKept(swept)) kept.push([name, swept])
  }
  return Object.fromEntries(kept)
}

function forbidden(path: string, tell: Tell): undefined {
  tell(path)
  return undefined
}

const isKept = (value: unknown): boolean => value !== undefined

const isNumber = (value: unknown): boolean => typeof value === 'number' || isWrappedNumber(value)
/** As parsers make them to keep all digits; `valueOf` gives a number or, where that is too small, a bigint. */
function isWrappedNumber(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || typeof value.valueOf !== 'function') return false
  return ['number', 'bigint'].includes(typeof value.valueOf())
}

function isRawObject(value: object): boolean {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return true
  if (!Array.isArray(value)) return isIndexed(value)
  const numbers = value.filter((item) => isNumber(item) || isNumberText(item)).length
  return numbers >= vectorLength || value.filter(isPoint).length >= pointCount
}

const isNumberText = (value: unknown): boolean =>
  typeof value === 'string' && value.includes('.') && numberText.test(value.trim())

/** `[x, y]`, `[x, y, z]`, `{x, y}`. */
function isPoint(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return (value.length === 2 || value.length === 3) && value.every(isNumber)
  return isNumber(Reflect.get(value, 'x')) && isNumber(Reflect.get(value, 'y'))
}

/** Bytes and typed arrays that went through JSON: `{"type": "Buffer", "data": […]}`, `{"0": 0.1, "1": 0.2, …}`. */
function isIndexed(value: object): boolean {
  if (Reflect.get(value, 'type') === 'Buffer') return true
  const entries = Object.entries(value)
  return entries.length >= vectorLength && entries.every(([name, item]) => /^\d+$/.test(name) && isNumber(item))
}

function sweepText(text: string, path: string, tell: Tell, depth: number): string {
  const inner = innerValue(text)
  if (inner !== undefined) {
    if (depth >= deepest * 8) return hidden(path, tell)
    let found = false
    const swept = sweep(
      inner.value,
      path,
      (at) => {
        found = true
        tell(at)
      },
      depth + 8,
    )
    if (!found) return text
    return inner.coding === 'json' && swept !== undefined ? JSON.stringify(swept) : removed
  }
  return isRawText(text) ? hidden(path, tell) : text
}

function hidden(path: string, tell: Tell): string {
  tell(path)
  return removed
}

function isRawText(text: string): boolean {
  if (dataUrlInText.test(text) || blobInText.test(text) || numbersInText.test(text)) return true
  if (base64.test(text) && imageInBase64.test(text)) return true
  for (const [, name = ''] of text.matchAll(namesInText)) if (isRawName(name)) return true
  return false
}

/** What a text holds in another coding. */
function innerValue(text: string): { readonly coding: 'json' | 'base64'; readonly value: unknown } | undefined {
  const json = jsonIn(text)
  if (json !== undefined) return { coding: 'json', value: json }
  const trimmed = text.trim()
  if (!base64.test(trimmed)) return undefined
  const decoded = jsonIn(Buffer.from(trimmed, 'base64').toString('utf8'))
  return decoded === undefined ? undefined : { coding: 'base64', value: decoded }
}

/** An object, a list, or a text (JSON in JSON in JSON); plain numbers and words are no JSON here. */
function jsonIn(text: string): unknown {
  if (!/^\s*[[{"]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
