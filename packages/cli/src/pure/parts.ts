/** Parts of documents whose shape nobody promises: what is not there is empty. */
export const text = (value: unknown): string => (typeof value === 'string' ? value : String(value ?? ''))
export const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
export const objectAt = (object: object, name: string) => asObject(asObject(object)[name])
export const listAt = (object: object, name: string): readonly unknown[] => {
  const value = asObject(object)[name]
  return Array.isArray(value) ? value : []
}

/** `merchant|platform|store|id` as people name it. */
export const nameOf = (record: string): string => {
  const [, platform = '', store = '', ...id] = record.split('|')
  return store === '' ? record : `${platform}/${store} ${id.join('|')}`
}
