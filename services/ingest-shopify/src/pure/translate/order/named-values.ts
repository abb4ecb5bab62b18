import type { Reader } from '@varai/ingest/pure'
import type { Property } from '@varai/schemas'

/** Attributes and properties come as a list of name and value; carts of old themes left an object instead. */
export function readNamedValues(of: Reader, key: string): Property[] {
  if (of.hasList(key)) {
    return of.list(key).map((each) => ({ name: each.freeText('name') ?? '', value: each.freeText('value') ?? '' }))
  }
  const old = of.child(key)
  return old?.keys().map((name) => ({ name, value: old.freeText(name) ?? '' })) ?? []
}
