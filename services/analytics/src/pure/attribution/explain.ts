import type { Attribution, Basis } from './attribute.ts'

const grounds: Readonly<Record<Basis, string>> = {
  'session-id': 'the order carries the id of the session',
  'recommendation-id': 'the order carries the ids of recommendations',
  'told-by-session': 'the session itself says that it led to this order',
  touch: 'it is the last session in which the customer touched a frame, soon enough before the order',
  session: 'it is the last session of the customer, soon enough before the order',
}
const whys = {
  carried: 'carried by the order',
  touched: 'it showed a frame that was bought, and the shopper touched what it showed',
  shown: 'it showed a frame that was bought',
} as const

/** Sentences that say what led to an order, and why it is thought so. */
export function explainAttribution(attribution: Attribution | null, isErased = false): string[] {
  if (isErased) return ['Its customer was erased, and with them what may have led to it.']
  if (attribution === null)
    return ['Nothing is known that led to it: no ids, no session that names it, no session of its customer.']
  const { basis, session, sessionId, recommendations, at } = attribution
  const who =
    session ??
    (sessionId === null ? 'a session that is not known' : `session ${sessionId}, of which nothing else is known`)
  const when = at === null ? '' : `, at ${new Date(at).toISOString()}`
  return [
    `Led to by ${who}: ${grounds[basis]}${when}.`,
    ...recommendations.map(
      ({ id, algorithm, because }) =>
        `Recommendation ${id} (${algorithm ?? 'algorithm not known'}) sold it: ${whys[because]}.`,
    ),
  ]
}
