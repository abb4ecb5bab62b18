/** What documents keep for the machinery: how values came about, versions, what is still to be done. */
const machinery = [
  ...['fold', 'projection', 'inputs', 'pending', 'lastChange', 'decisions', 'version', 'rev', 'savedBy', 'emailKey'],
  ...['summary', 'named', 'userKey'],
]

/**
 * A document as plain values that JSON and YAML can write: times as ISO text, decimals and ids as text. Without `all`
 * the machinery's fields of the document itself are left out.
 */
export function plainDocument(document: Readonly<Record<string, unknown>>, all: boolean): Record<string, unknown> {
  const shown = Object.entries(document).filter(([name]) => all || !machinery.includes(name))
  return Object.fromEntries(shown.map(([name, value]) => [name, plain(value)]))
}

function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  // The database's own types (decimals, long numbers, ids, bytes) know best how they read.
  if (Object.getPrototypeOf(value) !== Object.prototype) return String(value)
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]))
}
