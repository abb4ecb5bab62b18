import { closest, distance } from 'fastest-levenshtein'
import { z } from 'zod'

/** Words for the schemas of files that people write. Each message completes "<name of the field> …". */

/** A text that `accept` turns into its kept form, or refuses by answering undefined. */
export const value = <T = string>(expected: string, accept: (text: string) => T | undefined) =>
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
