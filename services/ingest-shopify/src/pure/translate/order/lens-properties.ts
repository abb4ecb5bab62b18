import { type LensProperties, lensProperties, type Reader } from '@varai/ingest/pure'
import type { Property } from '@varai/schemas'

/** What a line's properties say about lenses, and the rest of them. */
export const readLensProperties = (line: Reader): LensProperties => lensProperties(readProperties(line))

/** Properties come as a list of name and value; carts of old themes left an object instead. */
function readProperties(line: Reader): Property[] {
  if (line.hasList('properties')) {
    return line
      .list('properties')
      .map((property) => ({ name: property.freeText('name') ?? '', value: property.freeText('value') ?? '' }))
  }
  const old = line.child('properties')
  return old?.keys().map((name) => ({ name, value: old.freeText(name) ?? '' })) ?? []
}
