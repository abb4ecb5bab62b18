import { type Consent, type Customer, type Order, orderName } from './model.ts'
import type { Person } from './people.ts'
import { totalsOf } from './totals.ts'
import { customerTags, notes } from './vocabulary.ts'
import { addressOf, anyPerson, nextPerson, pickTags, type World } from './world.ts'

/** One change to a customer, in the words of the test that asks for it. */
export type CustomerAction =
  | 'rename'
  | 'phone'
  | 'note'
  | 'tags'
  | 'email'
  | 'consent'
  | 'address'
  | 'account'
  | 'restate'

const weights: Readonly<Record<CustomerAction, number>> = {
  rename: 14,
  phone: 14,
  note: 12,
  tags: 14,
  email: 8,
  consent: 12,
  address: 16,
  account: 6,
  restate: 8,
}

const key = (email: string): string => email.toLowerCase()

/** The address, unless a customer of this shop has or had it: a shop keeps them apart. */
function take(world: World, email: string | null): string | null {
  if (email === null || world.takenEmails.has(key(email))) return null
  world.takenEmails.add(key(email))
  return email
}

/** How a shop happened to write the address down. */
function written(world: World, email: string): string {
  const spelling = world.random.int(1, 12)
  if (spelling === 1) return email.toUpperCase()
  return spelling === 2 ? email.charAt(0).toUpperCase() + email.slice(1) : email
}

export function createCustomer(world: World, at: number): Customer {
  const { random, settings } = world
  const person = nextPerson(world)
  const addresses = Array.from({ length: random.int(0, 2) }, () => addressOf(world, person, world.nextId()))
  const customer: Customer = {
    kind: 'customer',
    id: world.nextId(),
    createdAt: at,
    updatedAt: at,
    email: random.chance(0.93) ? take(world, written(world, person.email)) : null,
    phone: random.chance(0.55) ? person.phone : null,
    firstName: random.chance(0.92) ? person.firstName : null,
    lastName: random.chance(0.92) ? person.lastName : null,
    state: random.chance(0.5) ? 'enabled' : 'disabled',
    verifiedEmail: random.chance(0.8),
    taxExempt: random.chance(0.05),
    note: random.chance(0.25) ? random.pick(notes) : null,
    tags: someTags(world),
    emailConsent: random.chance(0.8) ? consent(world, at) : null,
    smsConsent: random.chance(0.3) ? consent(world, at) : null,
    addresses,
    defaultAddressId: addresses[0]?.id ?? null,
    currency: settings.currency,
    ordersCount: 0,
    totalSpent: 0n,
    lastOrder: null,
  }
  keepReachable(customer, person)
  world.customers.push(customer)
  world.made.customer += 1
  return customer
}

/** Shopify takes no customer without a name, an e-mail and a phone: one of them stays. */
function keepReachable(customer: Customer, person: Person): void {
  const { email, phone, firstName, lastName } = customer
  if ([email, phone, firstName, lastName].every((each) => each === null)) customer.phone = person.phone
}

/** Changes one thing, or says all again where the action finds nothing to change. */
export function changeCustomer(world: World, customer: Customer, at: number, action?: CustomerAction): void {
  act[action ?? world.random.weighted(weights)](world, customer, at)
  keepReachable(customer, anyPerson(world))
  customer.updatedAt = at
}

/** The shop adds a placed order to its customer's figures. */
export function countOrder(customer: Customer, order: Order, at: number): void {
  customer.ordersCount += 1
  customer.totalSpent += totalsOf(order).total
  customer.lastOrder = { id: order.id, name: orderName(order) }
  customer.updatedAt = at
}

const act: Readonly<Record<CustomerAction, (world: World, customer: Customer, at: number) => void>> = {
  rename(world, customer) {
    const other = anyPerson(world)
    customer.lastName = other.lastName
    if (world.random.chance(0.4)) customer.firstName = world.random.chance(0.2) ? null : other.firstName
  },
  phone(world, customer) {
    const cleared = customer.phone !== null && world.random.chance(0.45)
    customer.phone = cleared ? null : `+49${world.random.digits(9)}`
  },
  note(world, customer) {
    const cleared = customer.note !== null && world.random.chance(0.5)
    customer.note = cleared ? null : world.random.pick(notes)
  },
  tags(world, customer) {
    customer.tags = customer.tags.length > 0 && world.random.chance(0.35) ? [] : someTags(world)
  },
  email(world, customer) {
    if (customer.email !== null && world.random.chance(0.12)) {
      customer.email = null
      return
    }
    // now and then the address is one under which another shop of the merchant knows someone
    const person = anyPerson(world)
    const email = world.random.chance(0.5) ? person.email : `new.${world.random.digits(8)}@example.org`
    customer.email = take(world, written(world, email)) ?? customer.email
    customer.verifiedEmail = world.random.chance(0.5)
  },
  consent(world, customer, at) {
    if (world.random.chance(0.7)) customer.emailConsent = consent(world, at)
    else customer.smsConsent = consent(world, at)
  },
  address(world, customer) {
    const { random } = world
    const held = customer.addresses
    const doing = held.length === 0 ? 'add' : random.weighted({ add: 5, remove: 3, move: 3, prefer: 2 })
    if (doing === 'add') held.push(addressOf(world, anyPerson(world), world.nextId()))
    else if (doing === 'remove') held.splice(random.int(0, held.length - 1), 1)
    else if (doing === 'move') random.pick(held).address1 = `Neue Straße ${random.int(1, 99)}`
    else customer.defaultAddressId = random.pick(held).id
    if (!held.some((address) => address.id === customer.defaultAddressId)) {
      customer.defaultAddressId = held[0]?.id ?? null
    }
  },
  account(world, customer) {
    customer.state = world.random.pick(['enabled', 'disabled', 'invited', 'declined'] as const)
    customer.taxExempt = world.random.chance(0.2)
  },
  restate() {},
}

const someTags = (world: World): string[] => pickTags(world, customerTags)

function consent(world: World, at: number): Consent {
  const { random } = world
  const state = random.weighted({ subscribed: 6, not_subscribed: 3, unsubscribed: 3, pending: 1 })
  const level = state === 'not_subscribed' ? null : random.pick(['single_opt_in', 'confirmed_opt_in', 'unknown'])
  return { state, level, at: state === 'not_subscribed' ? null : at }
}

/** A customer that the shop may delete: Shopify keeps those who ever ordered. */
export const isDeletable = (world: World, customer: Customer): boolean =>
  customer.ordersCount === 0 && !world.orders.some((order) => order.customer === customer)
