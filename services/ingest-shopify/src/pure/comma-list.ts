import { commaList, type Reader } from '@varai/ingest/pure'

/**
 * Tags come as one text, from GraphQL as a list; empty means no tags, an absent key means nothing (customers since
 * 2025-01).
 */
export function readTags(of: Reader): string[] | undefined {
  if (!of.states('tags')) return undefined
  return of.hasList('tags') ? of.texts('tags').flatMap(commaList) : commaList(of.optionalText('tags') ?? '')
}
