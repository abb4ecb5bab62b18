import { waitUntil } from '@varai/testkit'
import type { Db } from 'mongodb'
import type { Check } from '../runner.ts'
import type { SystemContext } from '../system/open-system.ts'
import { tally } from '../system/send.ts'
import { sayCustomer } from './say-customer.ts'
import { chain, movers } from './stores.ts'

type User = { _id: string; redirectTo?: string; members?: string[]; email?: string; conflicts?: { group: string }[] }
const usersOf = (db: Db, merchantId: string) => db.collection<User>('users').find({ merchantId }).sort({ _id: 1 })

const aDayAgo = () => Date.now() - 24 * 3_600_000

/** All of them are on their way before any of them is answered. */
export const firstDeliveries: Check<SystemContext> = {
  title: '50 concurrent first deliveries of one customer from 4 stores: one user, 4 members',
  async run(context) {
    const { db, settled } = context
    const stores = Object.values(chain)
    const began = aDayAgo()
    const statuses = await Promise.all(
      Array.from({ length: 50 }, (_, at) => {
        const nth = at % stores.length
        const store = stores[nth] ?? chain.berlin
        const updatedAt = began + 60_000 + at * 1_000
        return sayCustomer(context, store, {
          ...{ id: 70 + nth, email: at % 2 === 0 ? 'ann@x.at' : 'Ann@X.at', firstName: `Ann ${at}` },
          ...{ createdAt: began + nth * 1_000, updatedAt },
        })
      }),
    )
    await settled()
    const users = await usersOf(db, 'chain').toArray()
    const customers = await db.collection('customers').countDocuments({ merchantId: 'chain' })
    const live = users.filter(({ redirectTo }) => redirectTo === undefined)
    const [first] = live
    return {
      holds:
        statuses.every((status) => status === 200) &&
        customers === 4 &&
        live.length === 1 &&
        first?.members?.length === 4 &&
        users.every(({ redirectTo }) => redirectTo === undefined || redirectTo === first._id),
      figures: [
        `answers: ${tally(statuses.map(String))}`,
        `${customers} customer records; ${live.length} user with ${first?.members?.length} members, ${users.length - live.length} redirects to it`,
        ...(first?.members ?? []),
      ],
    }
  },
}

/**
 * A customer gets the address of another user. Where that is of another store, they are one; where the store itself says
 * that they are two, nobody but a person can tell, and nothing waits for it.
 */
export const emailChanges: Check<SystemContext> = {
  title: 'an e-mail change onto another user’s e-mail: a conflict where it is ambiguous, no blocked partition',
  async run(context) {
    const { db, settled, deadLetters } = context
    const { one, other } = movers
    const began = aDayAgo()
    const say = (store: typeof one | typeof other, id: number, email: string, at: number) =>
      sayCustomer(context, store, {
        ...{ id, email, firstName: `Mover ${id}`, createdAt: began + id, updatedAt: began + at * 60_000 },
      })
    const id = (store: { storeId: string }, customer: number) => `movers|shopify|${store.storeId}|${customer}`
    const lettersBefore = (await deadLetters()).length
    // 1 and 2 are of one store, 3 is of another one
    await Promise.all([say(one, 1, 'a@x.at', 1), say(one, 2, 'b@x.at', 1)])
    await say(other, 3, 'c@x.at', 1)
    await settled()
    await say(other, 3, 'a@x.at', 2)
    await settled()
    const joined = await db.collection<User>('users').findOne({ _id: id(one, 1) })
    await say(one, 2, 'a@x.at', 3)
    await settled()
    const users = await usersOf(db, 'movers').toArray()
    const live = users.filter(({ redirectTo }) => redirectTo === undefined)
    const shown = live.filter(({ conflicts = [] }) => conflicts.some(({ group }) => group === 'identity'))
    const entries = () =>
      db
        .collection('conflicts')
        .countDocuments({ merchantId: 'movers', entries: { $elemMatch: { group: 'identity', closed: null } } })
    await waitUntil(async () => (await entries()) === shown.length, { what: 'conflict entries', withinMs: 60_000 })
    // the partitions go on
    await Promise.all([say(one, 1, 'a@x.at', 4), say(one, 4, 'd@x.at', 4)])
    await settled()
    const later = await db.collection<User>('users').findOne({ _id: id(one, 4) })
    const letters = (await deadLetters()).length - lettersBefore
    return {
      holds:
        joined?.members?.length === 2 &&
        live.length === 3 &&
        shown.length === 3 &&
        later?.email === 'd@x.at' &&
        letters === 0,
      figures: [
        `onto the address of another store's customer: one user with ${joined?.members?.length} members`,
        `onto the address of the same store's: ${live.length} users, ${shown.length} of them with a conflict over who they are; ${await entries()} entries in the queue`,
        `what came after that is there: ${later !== null}; ${letters} dead letters`,
      ],
    }
  },
}
