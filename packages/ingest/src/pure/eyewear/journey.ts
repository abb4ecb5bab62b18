import { commaList } from './comma-list.ts'

/** Which AI session and recommendations led to an order. */
export type Journey = { readonly aiSessionId: string | undefined; readonly recommendationIds: readonly string[] }

const one = /^recommendation_id_(.+)$/

/**
 * Reads it from what an order carries for us, by names without our prefix. Recommendations stand as a list under `recommendation_ids`, or one by one in the order
 * of their numbers (2 before 10).
 */
export function readJourney({ ours }: { readonly ours: ReadonlyMap<string, string> }): Journey {
  const ranked = [...ours].flatMap(([name, value]) => {
    const rank = one.exec(name)?.[1]
    return rank === undefined ? [] : [{ rank: /^\d+$/.test(rank) ? Number(rank) : Number.POSITIVE_INFINITY, id: value }]
  })
  // Infinity - Infinity is NaN, which sort takes for "equal": names without a number keep their places.
  ranked.sort((some, other) => some.rank - other.rank)
  const listed = listOf(ours.get('recommendation_ids') ?? '')
  return {
    aiSessionId: ours.get('ai_session_id') ?? ours.get('session_id'),
    recommendationIds: [...new Set([...listed, ...ranked.map(({ id }) => id)])],
  }
}

/** Names of ours that are part of the journey and not further meta data. */
export const isOfJourney = (name: string): boolean =>
  one.test(name) || ['recommendation_ids', 'ai_session_id', 'session_id'].includes(name)

/** PHP writes a list as JSON, people with commas. */
function listOf(text: string): string[] {
  if (!/^\s*\[/.test(text)) return commaList(text)
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? list.filter((item) => typeof item === 'string' && item !== '') : []
  } catch {
    return commaList(text)
  }
}
