import { type Reader, readText } from '@varai/ingest/pure'
import type { Property } from '@varai/schemas'

/** Meta data of an order, line, product or customer, sorted by who it is meant for. */
export type MetaData = {
  /** Ours by name, without the prefix `_varai_` or `varai_`; of several with one name the first that has a value. */
  readonly ours: ReadonlyMap<string, string>
  /** What the shop shows people: keys without the underscore that hides the plugins' own. */
  readonly shown: readonly Property[]
  /** The plugins' own. Never passed on as it is: it may hold tokens. */
  readonly hidden: readonly Property[]
}

const prefix = /^_?varai_(.+)$/

/** A value may be any JSON, because plugins put objects there. Undefined where the document does not state its meta data. */
export function readMetaData(of: Reader): MetaData | undefined {
  const entries = of.looseList('meta_data')
  if (entries === undefined) return undefined
  const ours = new Map<string, string>()
  const shown: Property[] = []
  const hidden: Property[] = []
  for (const entry of entries) {
    const name = entry.readable('key', readText) ?? ''
    const value = entry.freeText('value') ?? ''
    const ourName = prefix.exec(name)?.[1]
    if (ourName !== undefined) {
      if (value !== '' && !ours.has(ourName)) ours.set(ourName, value)
    } else if (name.startsWith('_')) hidden.push({ name, value })
    else if (name !== '') shown.push({ name, value })
  }
  return { ours, shown, hidden }
}
