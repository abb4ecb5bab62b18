import type { Db } from 'mongodb'
import { findInChunks } from '../find-in-chunks.ts'

/** An erasure as it was resolved: whom it concerns. It is never resolved again, and never ends. */
export type Erasing = {
  /** The request's. */
  readonly id: string
  readonly merchantId: string
  /** Until when (ms, by the store's clock) what was stated is erased. */
  readonly at: number
  /** When it was first taken up, ms. */
  readonly keptAt: number
  /** Keyed hash of who asked. */
  readonly subject: string
  /** Records of customers. */
  readonly customers: readonly string[]
  /** Records of orders that were named, of which what is personal is erased. */
  readonly orders: readonly string[]
  /** The same of every order of these customers. */
  readonly allOrders: boolean
  /** Keyed hashes of addresses by which the store knows them as well. */
  readonly addresses: readonly string[]
  /** `merchant|platform|store`: everything of the store, of whoever it is. */
  readonly store?: string
}

/** Names by which records tell that an erasure concerns them. */
export const nameOfCustomer = (recordId: string): string => `customer ${recordId}`
export const nameOfOrder = (recordId: string): string => `order ${recordId}`
export const nameOfOrdersOf = (customer: string): string => `orders of ${customer}`
export const nameOfAddress = (hash: string): string => `address ${hash}`

export const nameOfStore = (store: string): string => `store ${store}`

export const namesOf = ({ customers, orders, allOrders, addresses, store }: Erasing): string[] => [
  ...(store === undefined ? [] : [nameOfStore(store)]),
  ...customers.map(nameOfCustomer),
  ...orders.map(nameOfOrder),
  ...(allOrders ? customers.map(nameOfOrdersOf) : []),
  ...addresses.map(nameOfAddress),
]

export type ErasureStore = {
  /** Keeps an erasure, unless it is kept already; resolves with what is kept. From then on whoever is named is erased. */
  keep(erasing: Erasing): Promise<Erasing>
  find(id: string): Promise<Erasing | undefined>
  /** Whether there is any. Sees at least what was kept before the call. */
  any(): Promise<boolean>
  /** Those that have any of these names. Sees at least what was kept before the call. */
  of(names: readonly string[]): Promise<Erasing[]>
  /** Erasures of stores that are not over. */
  openOfStores(): Promise<Erasing[]>
  /** It was carried out. */
  over(id: string, at: number): Promise<void>
}

type Kept = Omit<Erasing, 'id' | 'at' | 'keptAt'> & {
  readonly _id: string
  readonly at: Date
  readonly keptAt: Date
  readonly names: readonly string[]
  readonly overAt?: Date
}

/** The collection `erasures`: what must be known for as long as anything old may come. It names nobody but by ids. */
export function createErasureStore(db: Db): ErasureStore {
  const erasures = db.collection<Kept>('erasures', { writeConcern: { w: 'majority', journal: true } })
  const find = async (id: string) => {
    const kept = await erasures.findOne({ _id: id })
    return kept === null ? undefined : read(kept)
  }
  return {
    find,
    async keep(erasing) {
      const { id, at, keptAt, ...rest } = erasing
      const added = { ...rest, at: new Date(at), keptAt: new Date(keptAt), names: namesOf(erasing) }
      await erasures.updateOne({ _id: id }, { $setOnInsert: added }, { upsert: true })
      return (await find(id)) ?? erasing
    },
    any: async () => (await erasures.findOne({}, { projection: { _id: 1 } })) !== null,
    async of(names) {
      const found = await findInChunks(names, (some) => erasures.find({ names: { $in: some } }).toArray())
      return [...new Map(found.map((kept) => [kept._id, read(kept)])).values()]
    },
    async openOfStores() {
      const found = await erasures.find({ store: { $exists: true }, overAt: { $exists: false } }).toArray()
      return found.map(read)
    },
    async over(id, at) {
      await erasures.updateOne({ _id: id }, { $set: { overAt: new Date(at) } })
    },
  }
}

const read = ({ _id: id, at, keptAt, names: _, overAt: __, ...rest }: Kept): Erasing => ({
  ...{ id, at: at.getTime(), keptAt: keptAt.getTime(), ...rest },
})
