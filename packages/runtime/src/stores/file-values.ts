import { closest, distance } from 'fastest-levenshtein'
import { z } from 'zod'
import { type Environment, secret } from '../config/setting.ts'
import { isIdPart } from './store.ts'

/** Words for the schema of the stores file. Each message completes "<name of the field> …". */

/** A text that `accept` turns into its kept form, or refuses by answering undefined. */
export const value = (expected: string, accept: (text: string) => string | undefined) =>
  z.string({ error: (issue) => complaint(issue.input, expected) }).transform((text, context) => {
    const accepted = accept(text.trim())
    if (accepted !== undefined) return accepted
    context.addIssue({ code: 'custom', message: complaint(text, expected) })
    return z.NEVER
  })

const complaint = (given: unknown, expected: string): string => {
  if (given === undefined || given === null) return `is missing; expected ${expected}`
  if (typeof given === 'number' || typeof given === 'boolean') return `is a ${typeof given}; put it in quotes`
  if (typeof given === 'string') return `is ${JSON.stringify(given.slice(0, 80))}; expected ${expected}`
  return `is not text; expected ${expected}`
}

export const anyText = (expected: string) => value(expected, (text) => text || undefined)

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

/** An object that knows exactly these keys. The message has one line for each unknown key, in the order of the keys. */
export const mapping = <S extends z.ZodRawShape>(shape: S) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `is not a known key${suggestion(key, Object.keys(shape))}`).join('\n')
        : `${issue.input === undefined ? 'is missing' : 'is something else'}; expected a mapping with ${Object.keys(shape).join(', ')}`,
  })

export const listOf = <S extends z.ZodType>(item: S, expected: string) =>
  z.array(item, {
    error: (issue) => `${issue.input === undefined ? 'is missing' : 'is not a list'}; expected a list of ${expected}`,
  })

/** `; did you mean …?` when one of the known words is near. */
export function suggestion(word: string, known: readonly string[]): string {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_]/g, '')
  const near = known.find((candidate) => plain(candidate) === plain(word)) ?? closest(word, known)
  const close = plain(near) === plain(word) || distance(near, word) <= Math.max(1, Math.floor(word.length / 3))
  return close ? `; did you mean ${near}?` : `; known here: ${known.join(', ')}`
}

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
