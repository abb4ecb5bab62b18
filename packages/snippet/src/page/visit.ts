import { dataOf, idOf, iso } from '../pure/event-data.ts'
import { writeCart } from './cart.ts'
import { choose, consentLevel, type Level, recordOf } from './consent.ts'
import { remove } from './keep.ts'
import { oneTab } from './one-tab.ts'
import { add, dropAll } from './queue.ts'
import { randomId } from './random-id.ts'
import { viewsIn } from './read-marks.ts'
import { pause } from './send.ts'
import { endSession, heldSession, keepSession, newSession, type Session } from './session.ts'
import { version } from './version.ts'

export type VisitSettings = {
  /** What counts before the shopper has chosen. */
  readonly unasked: string | undefined
  readonly region: string | undefined
  /** Whether the cart of a Shopify theme is told. */
  readonly cart: boolean
  /** Called when something is queued. */
  readonly queued: () => void
}

/** What happens in a shopper's visit, as far as they agreed to it. */
export function createVisit({ unasked, region, cart, queued }: VisitSettings) {
  const level = () => consentLevel(unasked)

  function queue(event: string, session: Session, consent: Level | undefined, data: object): void {
    add({
      ...{ id: randomId(), event, occurredAt: iso(Date.now()), sessionId: session.id, consentLevel: consent },
      ...{ region, data },
    })
    queued()
  }

  function track(event: string, given: unknown): void {
    const consent = level()
    const data = consent && dataOf(event, given)
    if (data === undefined) return
    const held = heldSession() ?? newSession()
    const session = event === 'ai_session_started' ? toBegin(held, idOf(Object(given).sessionId)) : held
    if (session === undefined) return
    const clicked = event === 'recommendation_clicked' && idOf(data['recommendationId'])
    if (clicked) session.clicked = [...session.clicked.filter((id) => id !== clicked), clicked].slice(-20)
    if (cart && (clicked || event === 'ai_session_started')) session.untold = true
    const more = lifeCycle(event, session, data)
    keepSession(session)
    queue(event, session, consent, { ...data, ...more })
    tellCart()
  }

  /** Writes into the cart what it has not been told yet. */
  function tellCart(): void {
    if (!heldSession()?.untold) return
    oneTab('cart', async () => {
      const told = level() && heldSession()
      if (!told || !(await writeCart(told.id, told.clicked))) return
      const now = heldSession()
      if (now?.id === told.id && `${now.clicked}` === `${told.clicked}`) keepSession({ ...now, untold: false })
    })
  }

  function views(): void {
    for (const { data } of viewsIn(document)) track('product_viewed', data)
  }

  return {
    level,
    track,
    views,
    tellCart,
    sessionId: (): string | undefined => level() && heldSession()?.id,

    /** The cart is told now, also where it is not told by itself. */
    askForCart(): void {
      const session = level() && heldSession()
      if (session) keepSession({ ...session, untold: true })
      tellCart()
    },

    consent(choice: unknown, details: unknown): void {
      const before = level()
      const held = heldSession()
      if (!choose(choice)) return
      const now = level()
      const data = { ...dataOf('consent_changed', details), ...recordOf(now) }
      if (now !== undefined) {
        queue('consent_changed', keepSession(held ?? newSession()), now, data)
        // What is still being looked at was not to be told before.
        if (before === undefined) views()
        return
      }
      dropAll()
      remove(pause)
      endSession()
      // Where nothing was told before there is nothing to withdraw, and nobody to tell it of.
      if (held === undefined) return
      queue('consent_changed', held, undefined, data)
      if (cart) oneTab('cart', () => writeCart(undefined, []))
    },
  }
}

/** The session that begins, under the assistant's own id where it has one; undefined when it goes on. */
function toBegin(held: Session, named: string | undefined): Session | undefined {
  const id = named ?? (held.done ? undefined : held.id)
  if (id !== held.id) return newSession(id)
  return held.began === undefined ? held : undefined
}

/** What the life cycle of a session adds to what the assistant says of it. */
function lifeCycle(event: string, session: Session, data: Readonly<Record<string, unknown>>): object {
  const now = Date.now()
  if (event === 'ai_session_started') {
    session.began = now
    return { startedAt: iso(now), metadata: { ...Object(data['metadata']), snippet: version } }
  }
  if (event !== 'ai_session_completed') return {}
  session.done = true
  const { began } = session
  return {
    completedAt: iso(now),
    // Not when it began: said once more it would be another time by however long the request was under way.
    durationSeconds: began && Math.max(0, now - began) / 1_000,
  }
}
