import { personalFields, type RecordName } from '@varai/schemas'

const hidden = '[personal]'

/**
 * A copy of a record's value in which every personal field that holds something reads `[personal]`. What is null stays
 * null: that nothing was stated is no personal data.
 */
export function hidePersonal(record: RecordName, value: unknown): unknown {
  return personalFields(record).reduce((copy, path) => hideAt(copy, path.split('.')), value)
}

function hideAt(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return value === null || value === undefined ? value : hidden
  if (typeof value !== 'object' || value === null) return value
  const name = step.replace(/(\[\])+$/, '')
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [key, key === name ? hideIn(held, step.endsWith('[]'), rest) : held]),
  )
}

const hideIn = (held: unknown, isList: boolean, rest: readonly string[]): unknown =>
  isList && Array.isArray(held) ? held.map((item) => hideAt(item, rest)) : hideAt(held, rest)
