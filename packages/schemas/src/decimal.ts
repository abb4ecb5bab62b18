import avro from 'avsc'

/** Digits after the point in every amount of the contract: Avro decimal(20,6). */
const scale = 6
const precision = 20
const unit = 10n ** BigInt(scale)
const limit = 10n ** BigInt(precision)
const decimalText = /^([+-]?)(\d+)(?:\.(\d*))?$/

/**
 * An amount as canonical decimal text: no exponent, no leading or trailing zeros, `-` only where not zero.
 * Returns undefined for what is not a decimal, has more than 6 significant digits after the point, or needs more
 * than 20 digits in all: an amount is never rounded.
 */
export function canonicalDecimal(text: string): string | undefined {
  const canonical = canonicalShort(text)
  if (canonical !== undefined) return canonical
  const unscaled = parse(text)
  return unscaled === undefined ? undefined : format(unscaled)
}

const minus = 0x2d
const point = 0x2e
const zero = 0x30
const nine = 0x39

/** Behind the last digit from `begin` on. */
function endOfDigits(text: string, begin: number): number {
  let at = begin
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < zero || code > nine) break
  }
  return at
}

/** As many characters hold no more digits than an amount has. */
const shortText = 14

/** The same for nearly all amounts there are, without arithmetic; undefined where that has to tell. */
function canonicalShort(text: string): string | undefined {
  const { length } = text
  const first = text.charCodeAt(0) === minus ? 1 : 0
  const whole = endOfDigits(text, first)
  if (length > shortText || whole === first) return undefined
  if (text.charCodeAt(first) === zero && (whole > first + 1 || first === 1)) return undefined
  if (whole === length) return text
  if (text.charCodeAt(whole) !== point || endOfDigits(text, whole + 1) !== length) return undefined
  let end = length
  while (text.charCodeAt(end - 1) === zero) end -= 1
  if (end === whole + 1) end = whole
  return end - whole - 1 > scale ? undefined : text.slice(0, end)
}

/** The amount in millionths; undefined where {@link canonicalDecimal} is. */
function parse(text: string): bigint | undefined {
  const match = decimalText.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', given = ''] = match
  const fraction = given.replace(/0+$/, '')
  if (fraction.length > scale || whole.length > 40) return undefined
  const unscaled = BigInt(whole) * unit + BigInt(fraction.padEnd(scale, '0'))
  if (unscaled >= limit) return undefined
  return sign === '-' ? -unscaled : unscaled
}

function format(unscaled: bigint): string {
  const magnitude = unscaled < 0n ? -unscaled : unscaled
  const fraction = (magnitude % unit).toString().padStart(scale, '0').replace(/0+$/, '')
  const text = fraction === '' ? `${magnitude / unit}` : `${magnitude / unit}.${fraction}`
  return unscaled < 0n ? `-${text}` : text
}

/** Sum of decimal texts, exact. Throws RangeError on text that is not a decimal of the contract. */
export function addDecimals(...amounts: readonly string[]): string {
  const small = amounts.length <= fewAmounts ? addSmall(amounts) : undefined
  if (small !== undefined) return formatSmall(small)
  let sum = 0n
  for (const amount of amounts) {
    const unscaled = parse(amount)
    if (unscaled === undefined) throw new RangeError(`not a decimal(20,6): ${amount.slice(0, 40)}`)
    sum += unscaled
  }
  return format(sum)
}

/** So many small amounts have a sum that a double holds exactly. */
const fewAmounts = 50

function addSmall(amounts: readonly string[]): number | undefined {
  let sum = 0
  for (const amount of amounts) {
    const unscaled = parseSmall(amount)
    if (unscaled === undefined) return undefined
    sum += unscaled
  }
  return sum
}

function formatSmall(unscaled: number): string {
  const magnitude = Math.abs(unscaled)
  const fraction = magnitude % 1_000_000
  const whole = `${unscaled < 0 ? '-' : ''}${(magnitude - fraction) / 1_000_000}`
  return fraction === 0 ? whole : `${whole}.${String(fraction).padStart(scale, '0').replace(/0+$/, '')}`
}

/** Amounts below this many millionths, nearly all there are, are plain numbers: several times faster than BigInt. */
const smallLimit = 2 ** 47

/** Avro's form: the unscaled number, two's complement, big-endian, as few bytes as hold it. */
function toBytes(unscaled: bigint): Buffer {
  if (-smallLimit <= unscaled && unscaled < smallLimit) return smallToBytes(Number(unscaled))
  let length = 7
  while (BigInt.asIntN(length * 8, unscaled) !== unscaled) length += 1
  const bytes = Buffer.alloc(length)
  let rest = BigInt.asUintN(length * 8, unscaled)
  for (let at = length - 1; at >= 0; at -= 1) {
    bytes[at] = Number(rest & 255n)
    rest >>= 8n
  }
  return bytes
}

function smallToBytes(unscaled: number): Buffer {
  const length = smallLength(unscaled)
  const bytes = Buffer.allocUnsafe(length)
  bytes.writeIntBE(unscaled, 0, length)
  return bytes
}

function smallLength(unscaled: number): number {
  let length = 1
  for (let limit = 128; unscaled >= limit || unscaled < -limit; limit *= 256) length += 1
  return length
}

/** Whole numbers of so many digits are small, in millionths too. */
const smallDigits = 8

/** The amount in millionths where the text is short; undefined where {@link parse} has to look. */
function parseSmall(text: string): number | undefined {
  const { length } = text
  const first = text.charCodeAt(0) === minus ? 1 : 0
  const whole = endOfDigits(text, first)
  if (whole === first || whole - first > smallDigits) return undefined
  let magnitude = 0
  for (let at = first; at < whole; at += 1) magnitude = magnitude * 10 + text.charCodeAt(at) - zero
  let places = 0
  if (whole < length) {
    places = length - whole - 1
    if (text.charCodeAt(whole) !== point || places < 1 || places > scale) return undefined
    if (endOfDigits(text, whole + 1) !== length) return undefined
    for (let at = whole + 1; at < length; at += 1) magnitude = magnitude * 10 + text.charCodeAt(at) - zero
  }
  for (; places < scale; places += 1) magnitude *= 10
  return first === 1 && magnitude !== 0 ? -magnitude : magnitude
}

function fromBytes(bytes: Buffer): string {
  const { length } = bytes
  if (length === 0) return '0'
  if (length > 6) return format(BigInt.asIntN(length * 8, BigInt(`0x${bytes.toString('hex')}`)))
  return formatSmall(bytes.readIntBE(0, length))
}

/** What avsc writes with; its typings leave this out. */
type Tap = { readonly buf: Buffer; pos: number; writeLong(value: number): void }
type Writing = { _write(tap: Tap, value: unknown): void }

/** Avro's `decimal` as canonical decimal text in memory. Encoding anything else throws, and so does another scale. */
class DecimalType extends avro.types.LogicalType {
  constructor(schema: avro.Schema, options?: unknown) {
    super(schema, options)
    const given = schema as { precision?: unknown; scale?: unknown }
    if (given.precision !== precision || given.scale !== scale) {
      throw new RangeError(`an amount is decimal(${precision},${scale}), not (${given.precision},${given.scale})`)
    }
  }
  protected override _fromValue(bytes: Buffer): string {
    return fromBytes(bytes)
  }
  protected override _toValue(text: unknown): Buffer | undefined {
    if (typeof text !== 'string') return undefined
    const small = parseSmall(text)
    if (small !== undefined) return smallToBytes(small)
    const unscaled = parse(text)
    return unscaled === undefined ? undefined : toBytes(unscaled)
  }
  /** Small amounts straight to where they belong, without a buffer in between. */
  _write(this: DecimalType & { readonly underlyingType: Writing }, tap: Tap, text: unknown): void {
    const unscaled = typeof text === 'string' ? parseSmall(text) : undefined
    if (unscaled === undefined) {
      this.underlyingType._write(tap, this._toValue(text))
      return
    }
    const length = smallLength(unscaled)
    tap.writeLong(length)
    const at = tap.pos
    tap.pos += length
    if (tap.pos <= tap.buf.length) tap.buf.writeIntBE(unscaled, at, length)
  }
  /** What another version of the schema wrote as an amount; the writer's type has read it to text by then. */
  protected override _resolve(writer: avro.Type): ((text: string) => string) | undefined {
    return writer instanceof DecimalType ? (text) => text : undefined
  }
}

/** Pass to everything that compiles a schema of the contract; without it a decimal decodes to bytes. */
export const logicalTypes = { decimal: DecimalType }
