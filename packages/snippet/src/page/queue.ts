import { get, names, remove, set } from './keep.ts'
import { randomId } from './random-id.ts'

const start = 'varai.q.'
/** More than a visit brings; of more, the oldest go. */
const most = 300
const page = randomId()
let count = 0

export type Queued = { readonly name: string; readonly text: string }

/** Keeps an event until it is settled. Names sort by time. */
export function add(event: object): void {
  const present = names(start)
  for (const name of present.slice(0, Math.max(0, present.length - most + 1))) remove(name)
  count += 1
  const order = (number: number, digits: number) => number.toString(36).padStart(digits, '0')
  set(`${start}${order(Date.now(), 9)}.${page}.${order(count, 4)}`, JSON.stringify(event))
}

/** What waits, the oldest first: of all tabs, or of this page alone. */
export const list = (own = false): Queued[] =>
  names(start).flatMap((name) => {
    const text = own && !name.includes(page) ? undefined : get(name)
    return text === undefined ? [] : [{ name, text }]
  })

export const drop = (events: readonly Queued[]): void => {
  for (const { name } of events) remove(name)
}
