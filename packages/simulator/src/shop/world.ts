import { createRandom, type Random } from '../random.ts'
import type { Address, Customer, Level, Order, Product, RemovableKind, Tombstone } from './model.ts'
import type { Settings } from './options.ts'
import { type Person, personOf } from './people.ts'
import { companies } from './vocabulary.ts'

/** A shop while it lives: all it holds now, and the choices that are still to be made. */
export type World = {
  settings: Settings
  random: Random
  customers: Customer[]
  products: Product[]
  orders: Order[]
  /** What was told of the stock by itself; by inventory item. */
  levels: Map<bigint, Level>
  gone: Tombstone[]
  made: Record<RemovableKind, number>
  /** Addresses that the shop has in use or will not give again, lower case. */
  takenEmails: Set<string>
  nextPerson: number
  nextId(): bigint
}

/** Some ids are ordinary, most lie beyond 2^53 and so near each other that a double cannot tell them apart. */
function createIds(random: Random): () => bigint {
  let small = 7_000_000_000_000n + BigInt(random.int(0, 2 ** 30))
  let large = 820_982_911_000_000_000n + BigInt(random.int(0, 2 ** 30)) * 1_000n
  return () => {
    if (random.chance(0.25)) {
      small += BigInt(random.int(1, 40_000))
      return small
    }
    large += BigInt(random.int(1, 9))
    return large
  }
}

export function createWorld(settings: Settings): World {
  const random = createRandom(`${settings.seed}|${settings.merchantId}|${settings.storeId}|life`)
  return {
    settings,
    random,
    customers: [],
    products: [],
    orders: [],
    levels: new Map(),
    gone: [],
    made: { customer: 0, product: 0, order: 0 },
    takenEmails: new Set(),
    nextPerson: 0,
    nextId: createIds(random),
  }
}

/** The next person who comes into the shop; some of the merchant's people never do. */
export function nextPerson(world: World): Person {
  world.nextPerson += world.random.chance(0.7) ? 1 : 2
  return personOf(world.settings, world.nextPerson)
}

/** Someone of the merchant's people, whether the shop knows them or not. */
export const anyPerson = (world: World): Person => personOf(world.settings, world.random.int(1, world.nextPerson + 40))

/** Up to three of the tags, often none, in the order in which Shopify writes them. */
export const pickTags = (world: World, tags: readonly string[]): string[] =>
  world.random
    .shuffled(tags)
    .slice(0, Math.max(0, world.random.int(-2, 3)))
    .sort()

/** An address of this person, some with much missing. `id` null for the copy that an order keeps. */
export function addressOf(world: World, person: Person, id: bigint | null): Address {
  const { random } = world
  const { place } = person
  const named = random.chance(0.95)
  return {
    id,
    firstName: named ? person.firstName : null,
    lastName: named ? person.lastName : null,
    company: random.chance(0.15) ? random.pick(companies) : null,
    address1: random.chance(0.97) ? `${place.street} ${random.int(1, 220)}` : null,
    address2: random.chance(0.2) ? `Apt. ${random.int(1, 40)}` : null,
    city: place.city,
    zip: place.zip,
    province: place.province,
    provinceCode: place.provinceCode,
    country: place.country,
    countryCode: place.countryCode,
    phone: random.chance(0.5) ? person.phone : null,
  }
}
