import { logicalTypes } from '@varai/schemas'
import avro from 'avsc'

/** What avsc reads and writes with; its typings leave this out. */
type Tap = {
  readonly buf: Uint8Array
  pos: number
  readLong(): number
  skipLong(): void
  readString(): string
  writeLong(value: number): void
  writeString(text: string): void
}
type Reading = { _read(tap: Tap): unknown; _skip(tap: Tap): void }
type Writing = { _write(tap: Tap, value: unknown): void }

/**
 * Compiles a schema of the contract so that bad bytes cannot hang or swell the process. avsc believes the counts of
 * lists and maps, and ten wrong bytes can claim 10^15 elements. Every element takes at least one byte, so a count above
 * the bytes that are left is refused (RangeError). Texts and optional values are written in less time than by avsc, in
 * the same bytes.
 */
export function compileBounded(schema: unknown): avro.Type {
  return avro.Type.forSchema(schema as avro.Schema, { logicalTypes, typeHook: ownType })
}

function ownType(schema: unknown, options: unknown): avro.Type | undefined {
  if (schema === 'string') return new Text()
  if (Array.isArray(schema)) {
    return schema.length === 2 && schema[0] === 'null' ? new Optional(schema, options) : undefined
  }
  if (typeof schema !== 'object' || schema === null || !('type' in schema)) return undefined
  if (schema.type === 'array') return new BoundedList(schema as avro.Schema, options)
  if (schema.type === 'map') return new BoundedMap(schema as avro.Schema, options)
  return undefined
}

/** The length of a shorter text takes one byte. */
const shortText = 64

/** avsc asks for a text's length before it goes through it; most texts are short and ASCII. */
class Text extends avro.types.StringType {
  _write(tap: Tap, text: unknown): void {
    if (typeof text !== 'string') throw new TypeError('not a text')
    const { buf, pos } = tap
    const { length } = text
    if (length < shortText && pos + length < buf.length) {
      let at = 0
      for (; at < length; at += 1) {
        const code = text.charCodeAt(at)
        if (code > 0x7f) break
        buf[pos + 1 + at] = code
      }
      if (at === length) {
        buf[pos] = length << 1
        tap.pos = pos + 1 + length
        return
      }
    }
    tap.writeString(text)
  }
}

/** `["null", X]`. avsc looks for the branch that takes a value, and to know whether an amount fits it encodes it. */
class Optional extends avro.types.UnwrappedUnionType {
  _write(this: { readonly types: readonly [unknown, Writing & avro.Type] }, tap: Tap, value: unknown): void {
    const [, type] = this.types
    tap.writeLong(value === null ? 0 : 1)
    if (value === null) return
    // The others look for themselves; a record would be written of anything, with what it lacks as the defaults.
    if (type.typeName === 'record' && (typeof value !== 'object' || Array.isArray(value))) {
      throw new TypeError('not a record')
    }
    type._write(tap, value)
  }
}

/** Its readers are also called on resolvers made from it: those have the element's reader under the same name. */
class BoundedList extends avro.types.ArrayType {
  _read(this: { readonly itemsType: Reading }, tap: Tap): unknown[] {
    const items: unknown[] = []
    for (let count = readCount(tap); count > 0; count = readCount(tap)) {
      for (; count > 0; count -= 1) items.push(this.itemsType._read(tap))
    }
    return items
  }
  _skip(this: { readonly itemsType: Reading }, tap: Tap): void {
    for (let count = readCount(tap); count > 0; count = readCount(tap)) {
      for (; count > 0; count -= 1) this.itemsType._skip(tap)
    }
  }
}

class BoundedMap extends avro.types.MapType {
  _read(this: { readonly valuesType: Reading }, tap: Tap): Record<string, unknown> {
    const values: [string, unknown][] = []
    for (let count = readCount(tap); count > 0; count = readCount(tap)) {
      for (; count > 0; count -= 1) values.push([tap.readString(), this.valuesType._read(tap)])
    }
    // Unlike assignment, this takes the key `__proto__` for a key.
    return Object.fromEntries(values)
  }
  _skip(this: { readonly valuesType: Reading }, tap: Tap): void {
    for (let count = readCount(tap); count > 0; count = readCount(tap)) {
      for (; count > 0; count -= 1) {
        tap.readString()
        this.valuesType._skip(tap)
      }
    }
  }
}

/** The count of the next block; a negative one is followed by the block's size in bytes. */
function readCount(tap: Tap): number {
  const count = tap.readLong()
  if (count < 0) tap.skipLong()
  if (Math.abs(count) > tap.buf.length - tap.pos) throw new RangeError('counts more elements than there are bytes')
  return Math.abs(count)
}
