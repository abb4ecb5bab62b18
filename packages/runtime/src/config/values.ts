import { z } from 'zod'
import { type Setting, secretVariable, variable } from './setting.ts'

/** Text; without a fallback it must be given. */
export const text = (name: string, expected: string, fallback?: string): Setting<string> =>
  variable(name, fallback === undefined ? z.string() : z.string().default(fallback), expected)

export const optionalText = (name: string, expected: string): Setting<string | undefined> =>
  variable(name, z.string().optional(), expected)

/** An http(s) URL that paths are put behind; kept without a trailing slash. */
export const webUrl = (name: string, fallback: string): Setting<string> =>
  variable(
    name,
    z
      .url({ protocol: /^https?$/ })
      .refine((url) => !/[?#@]/.test(url))
      .transform((url) => url.replace(/\/+$/, ''))
      .default(fallback),
    'an http(s) URL without query',
  )

/** A whole number between two bounds, both included. */
export const wholeNumber = (
  name: string,
  range: { readonly min: number; readonly max: number; readonly fallback?: number },
): Setting<number> => {
  const digits = z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().min(range.min).max(range.max))
  const schema = range.fallback === undefined ? digits : digits.default(range.fallback)
  return variable(name, schema, `a whole number from ${range.min} to ${range.max}`)
}

/** `true` or `false`; absent is the fallback. */
export const flag = (name: string, fallback: boolean): Setting<boolean> =>
  variable(
    name,
    z
      .enum(['true', 'false'])
      .transform((word) => word === 'true')
      .default(fallback),
    'true or false',
  )

/** One word of a closed set. */
export const choice = <const T extends string>(name: string, words: readonly T[], fallback?: T): Setting<T> =>
  variable(
    name,
    z
      .string()
      .default(fallback ?? '')
      .transform((word, context) => {
        const found = words.find((known) => known === word)
        if (found !== undefined) return found
        context.addIssue({ code: 'custom', message: 'not one of the words' })
        return z.NEVER
      }),
    `one of ${words.join(', ')}`,
  )

/** Words of a closed set, separated by commas, each once; absent means all of them, or the fallback. */
export const choices = <const T extends string>(
  name: string,
  words: readonly T[],
  fallback: readonly T[] = words,
): Setting<readonly T[]> =>
  variable(
    name,
    z
      .string()
      .default(fallback.join(','))
      .transform((list, context) => {
        const given = new Set(splitList(list))
        const found = words.filter((word) => given.has(word))
        if (found.length === given.size && found.length > 0) return found
        context.addIssue({ code: 'custom', message: 'unknown word' })
        return z.NEVER
      }),
    `some of ${words.join(', ')}, separated by commas`,
  )

/** `host:port`, several separated by commas. */
export const addresses = (name: string): Setting<readonly string[]> =>
  variable(
    name,
    z
      .string()
      .transform(splitList)
      .pipe(z.array(z.string().regex(/^[^\s:/]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/)).min(1)),
    'host:port, several separated by commas',
  )

/** A URL with one of the given schemes. It may carry a password, so it is treated as a secret. */
export const secretUrl = (name: string, schemes: readonly string[]): Setting<string> =>
  secretVariable(
    name,
    z
      .string()
      .refine((url) => schemes.some((scheme) => url.startsWith(`${scheme}://`) && url.length > scheme.length + 3)),
    `a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  )

const splitList = (list: string): string[] =>
  list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
