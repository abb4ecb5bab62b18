import {
  addDeletion,
  addLife,
  type Existence,
  type FactRef,
  isNewer,
  type Kept,
  keepNewest,
  neverSeen,
  type Stated,
} from './fact.ts'
import type { Recommended, SessionFields, SessionStatement, Touch } from './session-statement.ts'

/** What one session adds to the counts, whatever the order and repetition of what is said of it. */
export type SessionFact = FactRef & {
  stated: { readonly [Field in keyof SessionFields]?: Stated<SessionFields[Field]> }
  existence: Existence
  /** Stages that were ever reached. */
  analysed: boolean
  clicked: boolean
  triedOn: boolean
  /** Records of all customers that were ever said to be in it. */
  persons: readonly Kept<null>[]
  recommendations: readonly Kept<Recommended>[]
  touches: readonly Kept<Touch>[]
  /** It was erased: it counts nowhere, and takes in nothing any more. */
  erased?: true
}

/** Pages state touches under a key that everybody can read, and a document has an end. */
const mostPersons = 20
const mostRecommendations = 100
const mostTouches = 200

/** Adds statements about one session, at least one; `held` itself when they change nothing. */
export function foldSession(held: SessionFact | undefined, statements: readonly SessionStatement[]): SessionFact {
  const [first] = statements
  if (first === undefined) throw new RangeError('nothing to fold')
  return statements.reduce(add, held ?? { ...nothing, ...first.of })
}

/** What is left of a session: that nothing said of it counts. */
export const eraseSession = ({ id, merchantId, platform, storeId, entityId }: SessionFact): SessionFact => ({
  ...{ id, merchantId, platform, storeId, entityId },
  ...nothing,
  erased: true,
})

const nothing = {
  ...{ stated: {}, existence: neverSeen, analysed: false, clicked: false, triedOn: false },
  ...{ persons: [], recommendations: [], touches: [] },
}

function add(held: SessionFact, statement: SessionStatement): SessionFact {
  if (held.erased) return held
  const { moment } = statement
  if (statement.kind === 'deleted') {
    const existence = addDeletion(held.existence, moment, statement.terminal)
    return existence === held.existence ? held : { ...held, existence }
  }
  const { fields, person, analysed, recommended, touch } = statement.says
  const next: SessionFact = {
    ...held,
    existence: addLife(held.existence, moment),
    stated: addFields(held.stated, fields, moment),
    analysed: held.analysed || analysed === true,
    clicked: held.clicked || touch?.what === 'click',
    triedOn: held.triedOn || touch?.what === 'try-on',
  }
  if (person !== undefined) next.persons = keepNewest(held.persons, { key: person, value: null, moment }, mostPersons)
  if (recommended !== undefined) {
    const { id: key, ...value } = recommended
    next.recommendations = keepNewest(held.recommendations, { key, value, moment }, mostRecommendations)
  }
  if (touch !== undefined) {
    const { id: key, ...value } = touch
    next.touches = keepNewest(held.touches, { key, value, moment }, mostTouches)
  }
  return isSame(held, next) ? held : next
}

const isSame = (one: SessionFact, other: SessionFact): boolean =>
  (Object.keys(other) as (keyof SessionFact)[]).every((field) => one[field] === other[field])

/** The same object when nothing is newer. */
function addFields(held: SessionFact['stated'], said: Partial<SessionFields>, moment: string): SessionFact['stated'] {
  const newer = Object.entries(said)
    .map(([field, value]) => [field, { value, moment }] as const)
    .filter(([field, next]) => isNewer(next, held[field as keyof SessionFields]))
  return newer.length === 0 ? held : { ...held, ...Object.fromEntries(newer) }
}
