import { type DecimalForm, type Form, type Forms, fromStored } from '../form.ts'
import { isPlainObject, type Plain, type PlainObject, setMember, toPlain } from '../plain.ts'

/** What documents keep for the machinery, which is nobody else's business and no change. */
const machinery = new Set([
  ...[
    '_id',
    'merchantId',
    'version',
    'rev',
    'policyVersion',
    'syncedAt',
    'inputs',
    'projection',
    'pending',
    'decisions',
  ],
])

/**
 * What a document says, as code sees it: times in ms, amounts as text, maps as objects; what holds nothing is left out.
 * Equal for a document and what was read back of it, so that two can be compared.
 */
export function imageOf(stored: Readonly<Record<string, unknown>>, forms: Forms, decimal: DecimalForm): PlainObject {
  const image: { [name: string]: Plain } = {}
  for (const [name, value] of Object.entries(stored)) {
    if (machinery.has(name)) continue
    // what tells where a field's value is from stands under the field's name
    const member = name === 'provenance' ? read(value, noForms, decimal) : readMember(name, value, forms, decimal)
    if (member !== null) image[name] = member
  }
  return image
}

const noForms: Forms = new Map()

function readMember(name: string, value: unknown, forms: Forms, decimal: DecimalForm): Plain {
  const form: Form | undefined = forms.get(name)
  return form === undefined ? read(value, forms, decimal) : toPlain(fromStored(value, form, decimal))
}

function read(value: unknown, forms: Forms, decimal: DecimalForm): Plain {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return value.getTime()
  if (Array.isArray(value)) return value.map((member) => read(member, forms, decimal))
  if (!isPlainObject(value)) return toPlain(value)
  const object: { [name: string]: Plain } = {}
  for (const [name, member] of Object.entries(value)) {
    const plain = readMember(name, member, forms, decimal)
    if (plain !== null) setMember(object, name, plain)
  }
  return object
}
