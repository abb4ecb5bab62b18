import { type DecimalForm, type Form, type Forms, toStored } from '../form.ts'
import type { PlainObject } from '../plain.ts'
import type { Shown } from './show.ts'

export const dateOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms))

/** What a document shows, as the database keeps it: values in the forms of the contract, times as dates. */
export function storedShown({ values, provenance, conflicts }: Shown, forms: Forms, decimal: DecimalForm) {
  return {
    ...storedValues(values, forms, decimal),
    provenance: Object.fromEntries(
      Object.entries(provenance).map(([field, { from, ...rest }]) => [
        field,
        { ...rest, from: from.map((origin) => ({ ...origin, since: new Date(origin.since) })) },
      ]),
    ),
    conflicts: conflicts.map(({ sides, ...conflict }) => ({
      ...conflict,
      since: new Date(conflict.since),
      sides: sides.map((side) => ({
        ...side,
        since: new Date(side.since),
        values: storedValues(side.values, forms, decimal),
      })),
    })),
  }
}

const same: Form = { is: 'same' }
const storedValues = (values: PlainObject, forms: Forms, decimal: DecimalForm): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).map(([field, value]) => [field, toStored(value, forms.get(field) ?? same, decimal)]),
  )
