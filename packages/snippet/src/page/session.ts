import { getObject, remove, set } from './keep.ts'
import { randomId } from './random-id.ts'

/** What all tabs know of the visit. Times by the page's clock, ms. */
export type Session = {
  id: string
  /** When something last happened. */
  at: number
  /** When the assistant was opened, and whether it said that it was done. */
  began?: number | undefined
  done?: boolean
  /** Recommendations that were clicked. */
  clicked: string[]
  /** Whether the cart has yet to be told. */
  untold?: boolean
}

const key = 'varai.session'
/** After so long without a word it is another visit. */
const idleMs = 30 * 60_000

export function heldSession(): Session | undefined {
  const { id, at = 0, clicked = [], ...rest } = getObject<Session>(key)
  return id && Math.abs(Date.now() - at) < idleMs ? { ...rest, id, at, clicked } : undefined
}

export const newSession = (id: string = randomId()): Session => ({ id, at: Date.now(), clicked: [] })

export function keepSession(session: Session): Session {
  session.at = Date.now()
  set(key, JSON.stringify(session))
  return session
}

export const endSession = (): void => remove(key)
