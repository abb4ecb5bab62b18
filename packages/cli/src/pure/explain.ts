import { whoIsOne } from './explain-identity.ts'
import { asObject, listAt, nameOf, objectAt, text } from './parts.ts'
import { printable } from './printable.ts'

/** What is known about a canonical document, to explain it. Documents as `plainDocument` gives them. */
export type Explained = {
  readonly kind: 'user' | 'item'
  readonly document: Readonly<Record<string, unknown>>
  /** Of a person: which e-mail address each account is found by; undefined for one that names nobody. */
  readonly addresses: ReadonlyMap<string, string | undefined>
  /** The decisions that it names, by id. */
  readonly decisions: ReadonlyMap<string, { readonly by: string; readonly why: string; readonly at: string }>
}

/** Why a document says what it says: about itself, about who it is, and one sentence for each field. */
export function explain(explained: Explained): string[] {
  const { kind, document } = explained
  const provenance = objectAt(document, 'provenance')
  if (document['erased'] === true) {
    const until = text(document['erasedAt'])
    return [about(kind, document), `It was erased: what was stated until ${until} is gone, and whose it was.`].map(
      printable,
    )
  }
  const fields = Object.keys(document).filter((name) => !ofItself.has(name))
  return [
    about(kind, document),
    ...(document['deleted'] === true ? ['It is deleted: no store has it any more.'] : []),
    ...(kind === 'user' ? whoIsOne(explained) : whatIsOne(explained)),
    ...fields.map((field) => sentence(explained, field, asObject(provenance[field]))),
  ].map(printable)
}

const about = (kind: Explained['kind'], document: Explained['document']): string =>
  [
    `${kind} ${text(document['_id'])}`,
    `version ${text(document['version'])}, by policy ${text(document['policyVersion'] ?? 'none')}`,
    `as of ${text(document['syncedAt'])}`,
  ].join(', ')

/** Fields that say what the document is, and not what somebody states. */
const ofItself = new Set([
  ...['_id', 'merchantId', 'version', 'rev', 'policyVersion', 'syncedAt', 'inputs', 'projection', 'pending'],
  ...['decisions', 'deleted', 'deletedAt', 'createdAt', 'platforms', 'members', 'offers', 'identity', 'provenance'],
  ...['conflicts', 'faceAnalysisData', 'aiSessions', 'redirectTo'],
])

function whatIsOne({ document }: Explained): string[] {
  const members = listAt(document, 'members').map(text)
  const identity = objectAt(document, 'identity')
  const by = listAt(identity, 'by').map((key) => numberOf(text(key)))
  const ignored = listAt(identity, 'ignored').map(asObject)
  const joined =
    members.length < 2
      ? `It is the offer ${members.map(nameOf).join('')} alone: no other of the merchant's has its numbers.`
      : `${members.map(nameOf).join(', ')} are one item: they share ${by.join(', ')}.`
  return [
    joined,
    ...ignored.map(({ key, why }) =>
      why === 'double'
        ? `${numberOf(text(key))} did not count: two offers of one store have it, so it does not say which of them is meant.`
        : `${numberOf(text(key))} did not count: it would make two offers of one store one item.`,
    ),
  ]
}

/** `merchant|sku|X` → `SKU X`. */
const numberOf = (key: string): string => {
  const [, kind = '', ...rest] = key.split('|')
  return `${kind.toUpperCase()} ${rest.join('|')}`
}

function sentence(explained: Explained, field: string, origin: Readonly<Record<string, unknown>>): string {
  const { document } = explained
  const conflict = listAt(document, 'conflicts')
    .map(asObject)
    .find((each) => listAt(each, 'fields').includes(field))
  const sides = listAt(conflict ?? {}, 'sides').map(asObject)
  const others = sides.filter(({ fate }) => fate !== 'shown' && fate !== 'agrees').map((side) => lost(side, field))
  const said = shownValue(document[field])
  const because =
    typeof origin['rule'] !== 'string'
      ? 'no living member states anything that could be shown'
      : reason(explained, origin, conflict)
  return `${field} is ${said}: ${[because, ...others].join('; ')}.`
}

function reason({ decisions }: Explained, origin: Readonly<Record<string, unknown>>, conflict: object | undefined) {
  const from = listAt(origin, 'from')
    .map(asObject)
    .map(({ record, since, event }) => `${nameOf(text(record))} since ${text(since)} (event ${text(event)})`)
  const rule = text(origin['rule'])
  if (rule === 'decision') {
    const decision = decisions.get(text(origin['decision']))
    return decision === undefined
      ? `an operator decided (${text(origin['decision'])})`
      : `${decision.by} decided on ${decision.at}: ${decision.why}`
  }
  const [only, ...more] = from
  if (conflict === undefined) {
    if (more.length > 0) return `united from ${from.join(', ')} (${rule})`
    return `said by ${only ?? 'nobody'}, and nobody says anything else (${rule})`
  }
  return `${ways[rule] ?? rule} (${rule}), said by ${from.join(', ')}`
}

const ways: Readonly<Record<string, string>> = {
  last_write_wins: 'the newest that any store states',
  source_priority: 'what the most trusted store states',
  merge_with_validation: 'what stores state, checked and put together',
  manual_review: 'what stood first stays until a person decides',
}

function lost(side: Readonly<Record<string, unknown>>, field: string): string {
  const { record, since, fate, problems } = side
  const values = asObject(side['values'])
  const said = `${shownValue(values[field])} of ${nameOf(text(record))} since ${text(since)}`
  const wrong = (Array.isArray(problems) ? problems : [])
    .map(asObject)
    .filter((problem) => problem['field'] === field)
    .map(({ problem }) => text(problem))
  switch (fate) {
    case 'outvoted':
      return `outvoted: ${said}`
    case 'waiting':
      return `waiting for a decision: ${said}`
    case 'left_out':
      return `left out: ${said}${wrong.length > 0 ? `, which ${wrong.join(', ')}` : ''}`
    default:
      return said
  }
}

const longest = 120

function shownValue(value: unknown): string {
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
    return 'empty'
  const written = JSON.stringify(value)
  return written.length > longest ? `${written.slice(0, longest)}…` : written
}
