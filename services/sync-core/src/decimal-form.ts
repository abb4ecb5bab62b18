import { Decimal128 } from 'mongodb'
import type { DecimalForm } from './pure/form.ts'

const exponentBias = 6_176
const half = 0xffff_ffff_ffff_ffffn
const word = 2 ** 32
/** As many characters hold no more digits than a plain number keeps. */
const shortText = 15
const mostDigits = 6
const minus = 0x2d

/**
 * Money as Decimal128. The driver's own parser and printer know any notation and take many times as long, which for
 * orders is a tenth of all that this service does; canonical decimal text (no exponent, at most 20 digits) is the
 * number's parts.
 */
export const decimalForm: DecimalForm = { from: fromCanonical, toText }

/** Sign, exponent and nothing of the coefficient, in the highest 32 bits; the coefficient's lowest 64 bits come first. */
const headOf = (isNegative: boolean, scale: number): number =>
  (isNegative ? 0x8000_0000 : 0) + (exponentBias - scale) * 0x2_0000

function fromCanonical(text: string): Decimal128 {
  const point = text.indexOf('.')
  const scale = point < 0 ? 0 : text.length - point - 1
  const isNegative = text.charCodeAt(0) === minus
  const digits = point < 0 ? text : text.slice(0, point) + text.slice(point + 1)
  const bytes = Buffer.allocUnsafe(16)
  if (text.length <= shortText) {
    const coefficient = Math.abs(Number(digits))
    bytes.writeUInt32LE(coefficient % word, 0)
    bytes.writeUInt32LE(Math.floor(coefficient / word), 4)
    bytes.writeUInt32LE(0, 8)
    bytes.writeUInt32LE(headOf(isNegative, scale), 12)
  } else {
    const coefficient = BigInt(isNegative ? digits.slice(1) : digits)
    bytes.writeBigUInt64LE(coefficient & half, 0)
    bytes.writeBigUInt64LE((BigInt(headOf(isNegative, scale)) << 32n) | (coefficient >> 64n), 8)
  }
  return new Decimal128(bytes)
}

function toText(stored: unknown): string {
  return (stored instanceof Decimal128 && toShortText(stored.bytes)) || String(stored)
}

/** The inverse for what {@link fromCanonical} writes of short text; undefined for all else. */
function toShortText(bytes: Uint8Array): string | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, 16)
  const head = view.readUInt32LE(12)
  const coefficient = view.readUInt32LE(0) + view.readUInt32LE(4) * word
  const isNegative = head >= 0x8000_0000
  const scale = exponentBias - Math.floor((head % 0x8000_0000) / 0x2_0000)
  if (view.readUInt32LE(8) !== 0 || head !== headOf(isNegative, scale)) return undefined
  if (scale < 0 || scale > mostDigits || coefficient > Number.MAX_SAFE_INTEGER) return undefined
  const digits = scale === 0 ? String(coefficient) : String(coefficient).padStart(scale + 1, '0')
  const magnitude = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  return isNegative ? `-${magnitude}` : magnitude
}
