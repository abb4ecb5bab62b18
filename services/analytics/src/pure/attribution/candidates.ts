import { isMany, type Link, linksOfSession } from '../facts/links.ts'
import { platformMsOf } from '../facts/moment.ts'
import type { SessionFact } from '../facts/session-fact.ts'
import { beganAt } from './attribute.ts'

/** A time in ms, ends included. */
export type Within = { readonly from: number; readonly to: number }
/** Links, and the time of facts to which they matter. */
export type Span = Within & { readonly links: readonly Link[] }

export function byLinks(
  sessions: readonly SessionFact[],
  which: (link: Link) => boolean,
): ReadonlyMap<Link, readonly SessionFact[]> {
  const found = new Map<Link, SessionFact[]>()
  for (const session of sessions)
    for (const link of linksOfSession(session).filter(which)) {
      const others = found.get(link)
      if (others === undefined) found.set(link, [session])
      else others.push(session)
    }
  return found
}

/** Those of a time that began last, newest first. */
export function newestOf(
  known: ReadonlyMap<Link, readonly SessionFact[]>,
  { links, from, to }: Span,
  most: number,
): SessionFact[] {
  const all = links.flatMap((link) => known.get(link) ?? [])
  return [...new Map(all.map((one) => [one.id, one])).values()]
    .flatMap((session) => {
      const at = beganAt(session)
      return at !== undefined && at >= from && at <= to ? [{ session, at }] : []
    })
    .sort((one, other) => other.at - one.at || (one.session.id < other.session.id ? -1 : 1))
    .slice(0, most)
    .map(({ session }) => session)
}

const hourMs = 3_600_000

/**
 * When orders were made that these sessions may lead to, or may have led to before they changed, by what very many have
 * in common with them: from their first event until the longest window after the last one; together for those that
 * began in one hour.
 */
export function spansOf(sessions: readonly SessionFact[], longestMs: number): Span[] {
  const told = sessions.flatMap((session): Span[] => {
    const { first, live = first } = session.existence
    const links = linksOfSession(session).filter(isMany)
    if (first === undefined || live === undefined || links.length === 0) return []
    return [{ links, from: platformMsOf(first), to: platformMsOf(live) + longestMs }]
  })
  return [...Map.groupBy(told, ({ from }) => Math.floor(from / hourMs)).values()].map((all) => ({
    links: [...new Set(all.flatMap(({ links }) => links))],
    from: all.reduce((least, { from }) => Math.min(least, from), Number.POSITIVE_INFINITY),
    to: all.reduce((most, { to }) => Math.max(most, to), 0),
  }))
}
