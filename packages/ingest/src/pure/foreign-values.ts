import { canonicalDecimal } from '@varai/schemas'
import { isLosslessNumber } from 'lossless-json'

/** A foreign value read, or what was expected instead. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string }

const good = <T>(value: T): Read<T> => ({ ok: true, value })
const expected = (what: string): Read<never> => ({ ok: false, reason: `expected ${what}` })

/** Text of a string or number; platforms and their plugins turn one into the other. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return isExact(value) ? String(value) : undefined
  return isLosslessNumber(value) ? value.value : undefined
}

/** Of other numbers nobody can know what the document had; `parseLossless` makes none. */
const isExact = (value: number): boolean =>
  Math.abs(value) < 1e15 && (Number.isInteger(value) || Math.abs(value) >= 1e-6)

/** Half a surrogate pair (an emoji that a shop cut in two) has no UTF-8 form and becomes U+FFFD. */
export function readText(value: unknown): Read<string> {
  const text = textOf(value)
  return text === undefined ? expected('text') : good(text.toWellFormed())
}

/**
 * The texts of a list, without what is empty, that plugins may have mangled: a list that lost an element is an object in
 * PHP's JSON, and one of a single text may be that text.
 */
export function readTexts(value: unknown): Read<string[]> {
  const isMany = typeof value === 'object' && value !== null && !isLosslessNumber(value)
  const some = (isMany ? Object.values(value) : [value]).filter(
    (item) => !(item === null || item === false || item === ''),
  )
  const texts = some.map(readText).filter((text) => text.ok)
  return texts.length === some.length ? good(texts.map((text) => text.value)) : expected('texts')
}

/** An id in its exact digits, however long: as a JSON number it would pass 2^53 and be rounded. */
export function readId(value: unknown): Read<string> {
  const text = textOf(value)
  return text !== undefined && isId(text) ? good(text) : expected('an id of digits')
}

const longestId = 39

function isId(text: string): boolean {
  const { length } = text
  if (length === 0 || length > longestId || (length > 1 && text.charCodeAt(0) === 0x30)) return false
  for (let at = 0; at < length; at += 1) {
    if (!isDigit(text.charCodeAt(at))) return false
  }
  return true
}

/** An amount as canonical decimal text; never rounded, so more than 6 digits after the point are refused. */
export function readDecimal(value: unknown): Read<string> {
  const text = textOf(value)
  const decimal = text === undefined ? undefined : canonicalDecimal(text)
  return decimal === undefined ? expected('a decimal of at most 20 digits, 6 of them after the point') : good(decimal)
}

export function readInteger(value: unknown): Read<number> {
  const text = textOf(value)
  const integer = text !== undefined && /^-?\d+(?:\.0+)?$/.test(text) ? Number(text) : undefined
  return integer !== undefined && Number.isSafeInteger(integer) ? good(integer) : expected('a whole number')
}

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):(\d\d))$/

/** What PHP, its plugins and relays make of a flag. */
const flags: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', '1'].map((word) => [word, true] as const),
  ...['false', 'no', '0'].map((word) => [word, false] as const),
])

/** True or false, also as the word or number that relays and plugins turn it into. */
export function readFlag(value: unknown): Read<boolean> {
  if (typeof value === 'boolean') return good(value)
  const flag = flags.get((textOf(value) ?? '').toLowerCase())
  return flag === undefined ? expected('true or false') : good(flag)
}

/** A time that its platform means in UTC without saying so, `2026-11-22T08:00:00`; an offset that is there counts. */
export function readUtcTime(value: unknown): Read<number> {
  return readTime(typeof value === 'string' && /\d\d:\d\d:\d\d(?:\.\d+)?$/.test(value) ? `${value}Z` : value)
}

/**
 * RFC 3339 with an offset → epoch ms. What is finer than a millisecond is cut off, not rounded, so that a time never
 * moves past a later one. A date that does not exist is refused, and one before 1970, which is what empty fields of
 * databases turn into; a leap second counts as the second after it.
 */
export function readTime(value: unknown): Read<number> {
  const usual = typeof value === 'string' ? usualTime(value) : undefined
  return usual === undefined ? readUnusualTime(value) : good(usual)
}

/** Days that every month has. */
const shortestMonth = 28

/** `2026-03-01T10:00:00[.290670248](Z|+01:00)`, on any but the last days of a month; undefined for everything else. */
function usualTime(text: string): number | undefined {
  const { length } = text
  const zone = endOfFraction(text, 19)
  const punctuated =
    text.charCodeAt(4) === 0x2d &&
    text.charCodeAt(7) === 0x2d &&
    text.charCodeAt(10) === 0x54 &&
    text.charCodeAt(13) === 0x3a &&
    text.charCodeAt(16) === 0x3a
  const sign = text.charCodeAt(zone)
  const isUtc = length === zone + 1 && sign === 0x5a
  const hasOffset = length === zone + 6 && (sign === 0x2b || sign === 0x2d) && text.charCodeAt(zone + 3) === 0x3a
  if (!punctuated || (!isUtc && !hasOffset)) return undefined
  const year = 100 * twoDigits(text, 0) + twoDigits(text, 2)
  const [month, day] = [twoDigits(text, 5), twoDigits(text, 8)]
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)]
  const [offsetHour, offsetMinute] = isUtc ? [0, 0] : [twoDigits(text, zone + 1), twoDigits(text, zone + 4)]
  // NaN, where there is no digit, is within no bounds.
  const bounded =
    year > 1970 && month >= 1 && month <= 12 && day >= 1 && day <= shortestMonth && hour <= 23 && minute <= 59
  if (!bounded || !(second <= 59 && offsetHour <= 23 && offsetMinute <= 59)) return undefined
  const offset = (sign === 0x2d ? -60_000 : 60_000) * (60 * offsetHour + offsetMinute)
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecondsIn(text, zone)) - offset
}

/** Behind the digits after the point that may follow the seconds; where there is none, behind the seconds. */
function endOfFraction(text: string, seconds: number): number {
  if (text.charCodeAt(seconds) !== 0x2e) return seconds
  let at = seconds + 1
  while (isDigit(text.charCodeAt(at))) at += 1
  return at === seconds + 1 ? seconds : at
}

/** Cut off, not rounded. */
function millisecondsIn(text: string, endOfFraction: number): number {
  let milliseconds = 0
  for (let at = 20; at < 23; at += 1) {
    milliseconds = 10 * milliseconds + (at < endOfFraction ? text.charCodeAt(at) - 0x30 : 0)
  }
  return milliseconds
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

function twoDigits(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - 0x30, text.charCodeAt(at + 1) - 0x30]
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : Number.NaN
}

function readUnusualTime(value: unknown): Read<number> {
  const parts = typeof value === 'string' ? rfc3339.exec(value) : null
  if (parts === null) return expected('a time with its offset')
  const field = (at: number): number => Number(parts[at] ?? 0)
  const [year, month, hour, minute, second] = [field(1), field(2), field(4), field(5), field(6)]
  const [offsetHour, offsetMinute] = [field(10), field(11)]
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return expected('a time of day')
  const midnight = new Date(0)
  midnight.setUTCFullYear(year, month - 1, field(3))
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== field(3)) return expected('a date that exists')
  const milliseconds = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'))
  const offset = (parts[9] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute) * 60_000
  const time = midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds - offset
  return time >= 0 ? good(time) : expected('a time from 1970 on')
}
