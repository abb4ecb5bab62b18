import type { CanonicalStore } from './canonical-store.ts'
import type { PublishChanges } from './changes/publish-changes.ts'
import type { DecisionStore } from './decisions/decision-store.ts'
import type { VerdictStore } from './decisions/verdict-store.ts'
import type { Policies } from './policy/policies.ts'
import { createProjector } from './project-documents.ts'
import { aiSessionKind, consentKind, customerKind, productKind, type RecordKind } from './pure/kinds.ts'
import { nobodyFor, rulesFor } from './pure/policy/policy.ts'
import { type ItemContent, projectCatalog } from './pure/project/catalog-item.ts'
import { type Offer, offersOf, recordOfOffer } from './pure/project/offer.ts'
import { type Person, personKeys } from './pure/project/person.ts'
import { projectPersons, type UserContent } from './pure/project/user.ts'
import type { RecordState } from './pure/record.ts'
import { crowdMarkOf, markOf } from './read-groups.ts'
import { createReadPersons, customersNamed, keysOfPerson } from './read-persons.ts'
import type { RecordStore } from './record-store.ts'
import type { SessionStore } from './session-store.ts'

/** Some records of one kind. */
export type OfKind = { readonly kind: RecordKind; readonly records: readonly RecordState[] }

/** Brings the canonical documents of records up to date; resolves at once for records of which none are made. */
export type Project = (changed: readonly OfKind[]) => Promise<void>

/** Every canonical document there is, each kind with its source, its evidence and its projection. */
export function createProjections(deps: {
  readonly records: RecordStore
  readonly sessions: SessionStore
  readonly users: CanonicalStore<UserContent>
  readonly catalog: CanonicalStore<ItemContent>
  readonly policies: Policies
  readonly decisions: Pick<DecisionStore, 'about'>
  readonly verdicts: Pick<VerdictStore, 'about'>
  /** Who tells of the changes of each collection. */
  readonly changes: Readonly<Record<'users' | 'catalog', PublishChanges>>
  readonly pause: (attempt: number) => Promise<void>
  /** For tests. */
  readonly most?: number
  readonly now?: () => number
}): Project {
  const { records, sessions, users, catalog, policies, decisions, verdicts, changes, pause } = deps
  const { most = mostSharing, now = Date.now } = deps
  const nodes = createReadPersons({ records, sessions, verdicts, most })
  const projectUsers = createProjector<Person, UserContent>({
    name: 'users',
    source: { reaching: users.reaching, keysOf: keysOfPerson, nodes },
    target: users,
    changes: changes.users,
    decisions,
    makingFor: async (merchantId, atLeast) => {
      const policy = await policies.atLeast(atLeast)
      const rules = rulesFor(policy, 'users', merchantId)
      const made = { policy: policy.version, collection: 'users', image: users.image, at: now() }
      const nobodyBy = nobodyFor(policy, merchantId)
      return {
        ...made,
        make: (persons, decisions, crowded) => projectPersons(persons, rules, { nobodyBy, crowded }, decisions),
        marks: marksOfPersons,
      }
    },
    pause,
  })

  const projectItems = createProjector<Offer, ItemContent>({
    name: 'catalog',
    source: {
      reaching: catalog.reaching,
      keysOf: ({ keys }) => keys,
      async nodes({ ids, keys }) {
        const keyField = 'catalogKeys'
        const of = { ids: [...new Set(ids.map(recordOfOffer))], keyField, keys, most }
        const { records: products, crowded } = await records.findSharing(productKind, of)
        const asked = { ids: new Set(ids), keys: new Set(keys.filter((key) => !crowded.includes(key))) }
        const offers = [...new Map(products.map((product) => [product.id, product])).values()].flatMap(offersOf)
        const isAsked = (offer: Offer) => asked.ids.has(offer.id) || offer.keys.some((key) => asked.keys.has(key))
        return { nodes: offers.filter(isAsked), crowded }
      },
    },
    target: catalog,
    changes: changes.catalog,
    decisions,
    makingFor: async (merchantId, atLeast) => {
      const policy = await policies.atLeast(atLeast)
      const rules = rulesFor(policy, 'catalog', merchantId)
      const made = { policy: policy.version, collection: 'catalog', image: catalog.image, at: now() }
      return { ...made, make: (offers, decisions) => projectCatalog(offers, rules, decisions), marks: marksOfOffers }
    },
    pause,
  })

  const of = (kind: RecordKind, changed: readonly OfKind[]) =>
    changed.flatMap((each) => (each.kind === kind ? each.records : []))

  return async (changed) => {
    const offers = of(productKind, changed).flatMap(offersOf)
    const persons = new Map(of(customerKind, changed).map((record) => [record.id, personKeys(record)]))
    const ofAssistant = [...of(aiSessionKind, changed), ...of(consentKind, changed)]
    for (const id of await customersNamed(records, ofAssistant)) if (!persons.has(id)) persons.set(id, [])
    await Promise.all([
      persons.size === 0 ? undefined : projectUsers([...persons].map(([id, keys]) => ({ id, keys }))),
      offers.length === 0 ? undefined : projectItems(offers),
    ])
  }
}

/**
 * By an address or a number that joined them, or would have but for a reason, documents are found when others come to
 * have it, and whoever leaves a crowd finds the others.
 */
const marksOf = (keys: readonly string[], crowded: ReadonlySet<string>): string[] =>
  [...new Set(keys)].map((key) => (crowded.has(key) ? crowdMarkOf(key) : markOf(key)))

export const marksOfPersons = (persons: readonly Person[], crowded: ReadonlySet<string>): string[] =>
  marksOf(
    persons.flatMap(({ addresses }) => addresses),
    crowded,
  )

const marksOfOffers = (offers: readonly Offer[], crowded: ReadonlySet<string>): string[] =>
  marksOf(
    offers.flatMap(({ keys }) => keys),
    crowded,
  )

/**
 * So many accounts of a merchant with one address, or products with one number (an engraving, a gift card), and they are
 * not read together any more: it joins nobody, and all their documents would be written anew whenever one of them
 * changes.
 */
export const mostSharing = 50
