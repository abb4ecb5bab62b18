import { type Db, Decimal128, type Document } from 'mongodb'
import { imageFields } from '../pure/report/order-fact.ts'

/** An order as it lies in the database, as far as reports need it: times in ms, amounts as text; null: it is deleted. */
export type OrderDocument = {
  readonly id: string
  readonly merchantId: string
  /** That of its last change: the record may have been saved since without saying anything else. */
  readonly version: number
  readonly image: object | null
}

export type OrderStore = ReturnType<typeof createOrderStore>

type Stored = Document & {
  _id: string
  merchantId: string
  version: number
  deleted: boolean
  lastChange?: { version: number }
}

/** The orders that sync-core keeps; read only. */
export function createOrderStore(db: Db) {
  const orders = db.collection<Stored>('orders')
  const projection = Object.fromEntries(
    [...imageFields.filter((name) => name !== 'refunds'), 'refunds.total', 'merchantId', 'version', 'deleted']
      .concat('lastChange.version')
      .map((name) => [name, 1]),
  )

  return {
    /** Those of some ids that there are. */
    async byIds(ids: readonly string[]): Promise<OrderDocument[]> {
      const found = await orders.find({ _id: { $in: [...ids] } }, { projection }).toArray()
      return found.map(toOrder)
    },

    /** Those that follow an id, in the order of their ids; an empty id comes before all. */
    async pageAfter(id: string, limit: number): Promise<OrderDocument[]> {
      const page = orders.find({ _id: { $gt: id } }, { projection })
      return (await page.sort({ _id: 1 }).limit(limit).toArray()).map(toOrder)
    },
  }
}

function toOrder({ _id: id, merchantId, version, deleted, lastChange, ...values }: Stored): OrderDocument {
  const image = deleted ? null : plain(values)
  return { id, merchantId, version: lastChange?.version ?? version, image: typeof image === 'object' ? image : null }
}

function plain(value: unknown): unknown {
  if (value instanceof Date) return value.getTime()
  if (value instanceof Decimal128) return value.toString()
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]))
}
