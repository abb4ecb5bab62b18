import type { Reader } from '@varai/ingest/pure'

/** `a, b` → two texts; none for an empty text. */
export const commaList = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

/** Tags come as one text; that text empty means no tags, an absent key means nothing (customers since 2025-01). */
export function readTags(of: Reader): string[] | undefined {
  return of.states('tags') ? commaList(of.optionalText('tags') ?? '') : undefined
}
