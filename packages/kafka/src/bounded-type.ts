import { logicalTypes } from '@varai/schemas'
import avro from 'avsc'

/** What avsc reads with; its typings leave this out. */
type Tap = {
  readonly buf: Uint8Array
  readonly pos: number
  readLong(): number
  skipLong(): void
  readString(): string
}
type Reading = { _read(tap: Tap): unknown; _skip(tap: Tap): void }

/**
 * Compiles a schema of the contract so that bad bytes cannot hang or swell the process. avsc believes the counts of
 * lists and maps, and ten wrong bytes can claim 10^15 elements. Every element takes at least one byte, so a count above
 * the bytes that are left is refused (RangeError).
 */
export function compileBounded(schema: unknown): avro.Type {
  return avro.Type.forSchema(schema as avro.Schema, { logicalTypes, typeHook: boundedCollection })
}

function boundedCollection(schema: unknown, options: unknown): avro.Type | undefined {
  if (typeof schema !== 'object' || schema === null || !('type' in schema)) return undefined
  if (schema.type === 'array') return new BoundedList(schema as avro.Schema, options)
  if (schema.type === 'map') return new BoundedMap(schema as avro.Schema, options)
  return undefined
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
