import { commaList, type Reader } from '@varai/ingest/pure'

/** Tags come as one text; that text empty means no tags, an absent key means nothing (customers since 2025-01). */
export function readTags(of: Reader): string[] | undefined {
  return of.states('tags') ? commaList(of.optionalText('tags') ?? '') : undefined
}
