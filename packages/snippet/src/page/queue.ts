import { get, names, remove, set } from './keep.ts'
import { randomId } from './random-id.ts'

const start = 'varai.q.'
/** More than a visit brings; of more, the oldest go. */
const most = 300
const page = randomId()
let count = 0

export type Queued = { readonly name: string; readonly text: string }

/**
 * After so long what another page queued is taken over. Not sooner: that page is better placed to send it, and what it
 * has removed may still be seen here, because each tab has a copy of localStorage that follows a little later.
 */
export const orphanedMs = 5_000
const isOrphaned = (name: string): boolean => Math.abs(Date.now() - parseInt(name.slice(start.length), 36)) > orphanedMs

/** Keeps an event until it is settled. Names sort by time. */
export function add(event: object): void {
  const order = (number: number) => number.toString(36).padStart(9, '0')
  for (const name of names(start).slice(0, 1 - most)) remove(name)
  count += 1
  set(`${start}${order(Date.now())}.${order(count)}.${page}`, JSON.stringify(event))
}

/** What waits for this page to send it, the oldest first: its own, and unless `own` what others have left. */
export const list = (own?: boolean): Queued[] =>
  names(start).flatMap((name) => {
    const text = name.endsWith(page) || (!own && isOrphaned(name)) ? get(name) : undefined
    return text === undefined ? [] : [{ name, text }]
  })

/** Whether anything waits, of whatever page. */
export const waits = (): boolean => names(start).length > 0

export const drop = (events: readonly Queued[]): void => {
  for (const { name } of events) remove(name)
}

export const dropAll = (): void => names(start).forEach(remove)
