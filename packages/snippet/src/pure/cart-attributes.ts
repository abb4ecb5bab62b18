const session = 'ai_session_id'
const prefix = 'recommendation_id_'

/** A Shopify cart's attributes: what themes and apps have put there, by name. */
export type Attributes = Readonly<Record<string, unknown>>

/**
 * All attributes of the cart with the session and those recommendations that it does not name yet, under the next free
 * numbers. Without a session, ours are emptied. Undefined when the cart says so already.
 */
export function cartAttributes(
  present: Attributes,
  sessionId: string | undefined,
  recommendationIds: readonly string[],
): Attributes | undefined {
  const next: Record<string, unknown> = { ...present }
  const ours = Object.keys(next).filter((name) => name.startsWith(prefix))
  if (sessionId === undefined) for (const name of ours) next[name] = ''
  next[session] = sessionId ?? ''
  const named = new Set(ours.map((name) => next[name]))
  let number = 1
  for (const id of recommendationIds) {
    if (named.has(id)) continue
    named.add(id)
    while (next[prefix + number]) number += 1
    next[prefix + number] = id
  }
  return Object.keys(next).some((name) => next[name] !== (present[name] ?? '')) ? next : undefined
}
