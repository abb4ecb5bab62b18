import type { Reader } from '@varai/ingest/pure'
import type { Property } from '@varai/schemas'
import { readNamedValues } from './named-values.ts'

/** What the cart carried into the order as note attributes. */
export type CartAttributes = {
  readonly aiSessionId: string | undefined
  readonly recommendationIds: readonly string[]
  /** All other attributes, in the shop's order. */
  readonly metadata: readonly Property[]
}

const recommendation = /^recommendation_id_(.+)$/

/**
 * Note attributes → the AI session and recommendations that led to the order, and the rest. Undefined when the order
 * does not state its attributes. Recommendations are in the order of their numbers (2 before 10), each one once; names
 * that end in no number follow in the shop's order.
 */
export function readCartAttributes(order: Reader): CartAttributes | undefined {
  if (!order.states('note_attributes')) return undefined
  let aiSessionId: string | undefined
  const ranked: { rank: number; id: string }[] = []
  const metadata: Property[] = []
  for (const { name, value } of readNamedValues(order, 'note_attributes')) {
    const suffix = recommendation.exec(name)?.[1]
    if (name === 'ai_session_id') aiSessionId ??= value || undefined
    else if (suffix === undefined) metadata.push({ name, value })
    else if (value !== '') ranked.push({ rank: /^\d+$/.test(suffix) ? Number(suffix) : Infinity, id: value })
  }
  // Infinity - Infinity is NaN, which sort takes for "equal": names without a number keep their places.
  ranked.sort((one, other) => one.rank - other.rank)
  return { aiSessionId, recommendationIds: [...new Set(ranked.map(({ id }) => id))], metadata }
}
