import { createHash } from 'node:crypto'

export const splits = ['train', 'validation', 'test'] as const
export type Split = (typeof splits)[number]

/** Of a hundred people; the rest is for training. */
const [validation, test] = [10, 10]

/**
 * The set that all rows of a person belong to, for good: by the keyed hash that names the person inside and is in no
 * export, so that nobody outside can tell it from what they know of somebody. About 80, 10 and 10 in a hundred.
 */
export function splitOf(subject: string): Split {
  const hundredth = createHash('sha256').update(`split|${subject}`).digest().readUInt32BE() % 100
  if (hundredth < test) return 'test'
  return hundredth < test + validation ? 'validation' : 'train'
}
