import { type Reader, readText } from '@varai/ingest/pure'

/** What a document carries beside the fields of its kind. */
export type Attributes = {
  /** Ours by name, without the prefix `varai_` or `_varai_`; of several with one name the first that has a value. */
  readonly ours: ReadonlyMap<string, string>
  /** Whether the document lists its attributes: then one that is absent is empty, as Magento leaves out what is. */
  readonly listed: boolean
  /** The value of an attribute of the shop, as text; undefined where there is none. */
  text(code: string): string | undefined
}

const prefix = /^_?varai_(.+)$/

/**
 * Attributes lie in a list in REST documents (`custom_attributes`, each a code and a text or a list), in
 * `extension_attributes`, and beside all other fields where the model itself speaks.
 */
export function readAttributes(of: Reader): Attributes {
  const custom = new Map<string, string>()
  const entries = of.looseList('custom_attributes')
  for (const entry of entries ?? []) {
    const code = entry.readable('attribute_code', readText)
    const value = entry.freeText('value')
    if (code !== undefined && value !== undefined && !custom.has(code)) custom.set(code, value)
  }
  const ours = new Map<string, string>()
  const take = (code: string, value: string | undefined) => {
    const name = prefix.exec(code)?.[1]
    if (name !== undefined && value !== undefined && !ours.has(name)) ours.set(name, value)
  }
  for (const [code, value] of custom) take(code, value)
  for (const place of [of, of.looseChild('extension_attributes')]) {
    for (const key of place?.keys() ?? []) if (prefix.test(key)) take(key, place?.freeText(key))
  }
  return { ours, listed: entries !== undefined, text: (code) => of.readable(code, readText) ?? custom.get(code) }
}
