import { z } from 'zod'
import { type Environment, secret } from '../config/setting.ts'
import { value } from '../yaml/words.ts'
import { isIdPart } from './store.ts'

/** Words for the schema of the stores file. Each message completes "<name of the field> …". */

export const idPart = (expected: string, accept: (text: string) => string | undefined = (text) => text) =>
  value(`${expected}, without | and control characters`, (text) => (isIdPart(text) ? accept(text) : undefined))

const currencies = new Set(Intl.supportedValuesOf('currency'))
export const currency = value('an ISO 4217 code such as EUR', (text) => (currencies.has(text) ? text : undefined))

export const timezone = value('an IANA time zone such as Europe/Berlin', (text) =>
  isTimezone(text) ? text : undefined,
)

const timezones = new Map<string, boolean>()

/** Making a formatter is slow, and thousands of stores share a few zones. */
function isTimezone(text: string): boolean {
  const known = timezones.get(text)
  if (known !== undefined) return known
  let usable = !/^[+-]/.test(text) // offsets are formattable, too, but know no summer time
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
  } catch {
    usable = false
  }
  if (timezones.size < 1_000) timezones.set(text, usable)
  return usable
}

/** An http(s) URL without query and fragment; kept without a trailing slash. */
export function httpUrl(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) return undefined
  return text.replace(/\/+$/, '')
}

export const origin = value('an origin such as https://www.example.com, without a path', (text) =>
  URL.parse(text)?.origin === text.replace(/\/$/, '').toLowerCase() ? text.replace(/\/$/, '').toLowerCase() : undefined,
)

/** Where `{ env: NAME }` is looked up; `usesFile` hears of each file before it is read for that. */
export type SecretSource = { readonly env: Environment; readonly usesFile: (path: string) => void }

/** A secret by reference: `{ env: NAME }` (NAME, or the file that NAME_FILE names), or `{ literal: … }`. */
export const secretRef = (source: SecretSource) =>
  z.unknown().transform((reference, context) => {
    const refuse = (message: string) => {
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    }
    const expected = 'a reference to a secret: { env: NAME }, or for development { literal: … }'
    if (reference === undefined || reference === null) return refuse(`is missing; expected ${expected}`)
    const parsed = z.union([namedRef, literalRef]).safeParse(reference)
    if (!parsed.success) return refuse(`is not usable; expected ${expected}`)
    if ('literal' in parsed.data) return parsed.data.literal
    const name = parsed.data.env
    const file = source.env[`${name}_FILE`]
    if (file) source.usesFile(file)
    const result = secret(name).read(source.env)
    if (result.ok) return result.value
    return refuse(`cannot be resolved: ${result.problems.map((of) => `${of.variable} ${of.problem}`).join(', ')}`)
  })

const namedRef = z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/) })
const literalRef = z.strictObject({ literal: z.string().min(1) })
