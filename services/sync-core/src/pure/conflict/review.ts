import { isPlainObject, type Plain, type PlainObject, same, toPlainObject } from '../plain.ts'

/** A disagreement on a group of fields of one document, as people work through them. Times in ms. */
export type Entry = {
  readonly group: string
  readonly fields: readonly string[]
  /** A person is asked; it was settled, by rule or decision, and members go on differing; or it is over. */
  readonly state: 'open' | 'settled' | 'closed'
  /** The policy's rule, or `decision`. */
  readonly rule: string
  readonly decision: string | null
  /** When the second of the values came up. */
  readonly since: number
  /** What each living member states, with its fate and the event that first stated it; the last of one that is over. */
  readonly sides: readonly PlainObject[]
  /** The change that brought it up, and the newest that changed anything about it. */
  readonly openedAt: number
  readonly changedAt: number
  readonly closed?: { readonly at: number; readonly because: 'agreed' | 'redirected' | 'deleted' }
}

/** The entries of a document after a change of it. Those of which it says nothing any more are over. */
export function review(held: readonly Entry[], image: PlainObject, at: number): Entry[] {
  // nobody is to know what an account stated that is erased
  if (image['erased'] === true) return []
  const before = new Map(held.map((entry) => [entry.group, entry]))
  const listed = conflictsIn(image).map((shown): Entry => {
    const entry = before.get(shown.group)
    const goesOn = entry !== undefined && entry.closed === undefined
    const isSame = goesOn && same(said(entry), said(shown))
    return { ...shown, openedAt: goesOn ? entry.openedAt : at, changedAt: isSame ? entry.changedAt : at }
  })
  const named = new Set(listed.map(({ group }) => group))
  const because = image['redirectTo'] !== undefined ? 'redirected' : image['deleted'] === true ? 'deleted' : 'agreed'
  const over = held
    .filter(({ group }) => !named.has(group))
    .map((entry): Entry => {
      if (entry.closed !== undefined) return entry
      return { ...entry, state: 'closed', changedAt: at, closed: { at, because } }
    })
  return [...listed, ...over].sort((one, other) => (one.group < other.group ? -1 : 1))
}

type Shown = Omit<Entry, 'openedAt' | 'changedAt' | 'closed'>

const said = ({ fields, state, rule, decision, since, sides }: Shown): Plain => ({
  ...{ state, rule, decision, since },
  fields: [...fields],
  sides: [...sides],
})

function conflictsIn(image: PlainObject): Shown[] {
  const listed = image['conflicts']
  return (Array.isArray(listed) ? listed : []).filter(isPlainObject).map((conflict) => {
    const { group, fields, open, since, rule, decision, sides } = toPlainObject(conflict)
    return {
      group: String(group),
      fields: (Array.isArray(fields) ? fields : []).map(String),
      state: open === true ? 'open' : 'settled',
      rule: String(rule),
      decision: typeof decision === 'string' ? decision : null,
      since: Number(since),
      sides: (Array.isArray(sides) ? sides : []).filter(isPlainObject).map(toPlainObject),
    }
  })
}
