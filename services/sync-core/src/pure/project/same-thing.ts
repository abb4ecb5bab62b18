import { Components } from '../identity.ts'
import type { Offer } from './offer.ts'

/** Offers that are one thing, and which numbers did not count for it. */
export type Thing = { readonly offers: readonly Offer[]; readonly ignored: readonly Ignored[] }
/**
 * `double`: two living offers of one store have the number, so that it does not say which of them another store's is.
 * `joins`: taken with the others, it would make two living offers of one store one thing.
 */
export type Ignored = { readonly key: string; readonly why: 'double' | 'joins' }

/**
 * Which of some offers (whole classes of offers that share numbers) are one thing. No two living offers of one store
 * ever are: where numbers say so, a person must look, and until then GTINs count alone, and if those say so, nothing.
 */
export function sameThings(offers: readonly Offer[]): Thing[] {
  const ordered = [...offers].sort((one, other) => (one.id < other.id ? -1 : 1))
  const doubles = doublesIn(ordered)
  const counts = (offer: Offer, key: string) => !doubles.has(`${storeOf(offer)} ${key}`)
  const ignoredAsDouble = (offer: Offer): Ignored[] =>
    offer.keys.filter((key) => !counts(offer, key)).map((key) => ({ key, why: 'double' }))
  const things: Thing[] = []
  const add = (members: readonly Offer[], left: readonly Ignored[]) => {
    const ignored = new Map([...left, ...members.flatMap(ignoredAsDouble)].map((each) => [each.key, each]))
    things.push({
      offers: members,
      ignored: [...ignored.values()].sort((one, other) => (one.key < other.key ? -1 : 1)),
    })
  }
  for (const component of joined(ordered, counts)) {
    if (isOne(component)) {
      add(component, [])
      continue
    }
    const isGtin = (key: string) => key.split('|')[1] === 'gtin'
    for (const part of joined(component, (offer, key) => isGtin(key) && counts(offer, key))) {
      const whole = isOne(part)
      const joins = (offer: Offer): Ignored[] =>
        offer.keys.filter((key) => !whole || !isGtin(key)).map((key) => ({ key, why: 'joins' }))
      if (whole) add(part, part.flatMap(joins))
      else for (const offer of part) add([offer], joins(offer))
    }
  }
  return things
}

const storeOf = ({ product }: Offer): string => `${product.platform}|${product.storeId}`

/** Pairs of store and number that two living offers have. */
function doublesIn(offers: readonly Offer[]): Set<string> {
  const seen = new Set<string>()
  const doubles = new Set<string>()
  for (const offer of offers.filter(({ living }) => living)) {
    for (const key of offer.keys) {
      const name = `${storeOf(offer)} ${key}`
      if (seen.has(name)) doubles.add(name)
      seen.add(name)
    }
  }
  return doubles
}

function joined(offers: readonly Offer[], counts: (offer: Offer, key: string) => boolean): Offer[][] {
  const components = new Components()
  const first = new Map<string, string>()
  for (const offer of offers) {
    components.add(offer.id)
    for (const key of offer.keys.filter((each) => counts(offer, each))) {
      const other = first.get(key)
      if (other === undefined) first.set(key, offer.id)
      else components.link(offer.id, other)
    }
  }
  return [...Map.groupBy(offers, ({ id }) => components.rootOf(id)).values()]
}

/** No store has two of them alive. */
function isOne(offers: readonly Offer[]): boolean {
  const stores = offers.filter(({ living }) => living).map(storeOf)
  return new Set(stores).size === stores.length
}
