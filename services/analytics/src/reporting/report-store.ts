import { writeGuarded } from '@varai/runtime/guarded-writes'
import { type AnyBulkWriteOperation, type Collection, type Db, Decimal128 } from 'mongodb'
import { type AmountName, amountNames } from '../pure/report/amount.ts'
import { quarterOf, quartersAround } from '../pure/report/day.ts'
import type { Bucket } from '../pure/report/day-report.ts'
import { factRules, type OrderFact } from '../pure/report/order-fact.ts'
import type { ReportQuery } from '../pure/report/report-query.ts'

type StoredFact = {
  _id: string
  version: number
  /** By which rules it was made. */
  rules: number
  merchantId: string
  platform: string
  storeId: string
  counted: boolean
  placedAt: Date | null
  /** Of `placedAt`; null where no report reaches it. */
  quarter: number | null
  currency: string | null
  cancelled: boolean
  refunded: boolean
} & Record<AmountName, Decimal128 | null>

type Filter = Pick<ReportQuery, 'from' | 'to' | 'merchant' | 'platform' | 'store' | 'currency'>

export type ReportStore = ReturnType<typeof createReportStore>

const reportFacts = 'reporting_orders'

/** So many facts in a row that others save meanwhile are no race any more. */
const attempts = 40

/** One document per order: what it adds to reports. No personal data; what is deleted stays, with its version. */
export function createReportStore(db: Db) {
  const facts: Collection<StoredFact> = db.collection<StoredFact>(reportFacts)

  return {
    /**
     * Saves those that are newer than what is there (a higher version, or made by newer rules), whoever else saves at
     * the same time; in any order and however often, the highest version stays. Returns how many were newer.
     */
    async save(all: readonly OrderFact[]): Promise<number> {
      let open = newestOf(all)
      let saved = 0
      for (let attempt = 1; open.length > 0; attempt += 1) {
        if (attempt > attempts) throw new Error(`${reportFacts}: guards were lost ${attempts} times in a row`)
        const found = await facts
          .find({ _id: { $in: open.map(({ id }) => id) } }, { projection: { version: 1, rules: 1 } })
          .toArray()
        const held = new Map(found.map((stored) => [stored._id, stored]))
        open = open.filter((fact) => isNewer(fact, held.get(fact.id)))
        if (attempt === 1) saved = open.length
        const writes = open.map((fact): AnyBulkWriteOperation<StoredFact> => {
          const document = toStored(fact)
          const before = held.get(fact.id)
          if (before === undefined) return { insertOne: { document } }
          const { _id, version, rules } = before
          return { replaceOne: { filter: { _id, version, rules }, replacement: document } }
        })
        if (open.length === 0 || (await writeGuarded(facts, writes))) break
      }
      return saved
    },

    /** What the orders of some days add up to by store, currency and quarter of an hour; some hours more at both ends. */
    async *buckets(of: Filter): AsyncGenerator<Bucket> {
      const { first, end } = quartersAround(of.from, of.to)
      const found = facts.aggregate<Sums>([
        { $match: { ...filterOf(of), quarter: { $gte: first, $lt: end } } },
        {
          $group: {
            _id: {
              ...{ merchantId: '$merchantId', platform: '$platform', storeId: '$storeId' },
              ...{ currency: '$currency', quarter: '$quarter' },
            },
            orders: { $sum: 1 },
            cancelled: countOf('$cancelled'),
            refunded: countOf('$refunded'),
            ...Object.fromEntries(amountNames.flatMap(sumsOf)),
          },
        },
      ])
      for await (const { _id, orders, cancelled, refunded, ...sums } of found) {
        const amountOf = (name: AmountName) => ({ sum: String(sums[name]), stated: sums[`${name}Stated`] })
        yield {
          ..._id,
          ...{ orders, cancelled, refunded },
          amounts: {
            ...{ gross: amountOf('gross'), refunds: amountOf('refunds'), net: amountOf('net') },
            ...{ taxes: amountOf('taxes'), discounts: amountOf('discounts'), shipping: amountOf('shipping') },
          },
        }
      }
    },

    /** Orders that count, but on no day: nobody said yet when they were placed. */
    undated: (of: Omit<Filter, 'from' | 'to'>): Promise<number> =>
      facts.countDocuments({ ...filterOf(of), quarter: null }),
  }
}

type Sums = {
  _id: Pick<Bucket, 'merchantId' | 'platform' | 'storeId' | 'currency' | 'quarter'>
  orders: number
  cancelled: number
  refunded: number
} & Record<AmountName, unknown> &
  Record<`${AmountName}Stated`, number>

const countOf = (condition: unknown) => ({ $sum: { $cond: [condition, 1, 0] } })
const sumsOf = (name: AmountName): [string, object][] => [
  [name, { $sum: `$${name}` }],
  [`${name}Stated`, countOf({ $ne: [`$${name}`, null] })],
]

const filterOf = ({ merchant, platform, store, currency }: Omit<Filter, 'from' | 'to'>) => ({
  counted: true,
  ...(merchant !== undefined && { merchantId: merchant }),
  ...(platform !== undefined && { platform }),
  ...(store !== undefined && { storeId: store }),
  ...(currency !== undefined && { currency }),
})

const isNewer = (fact: OrderFact, held: Pick<StoredFact, 'version' | 'rules'> | undefined): boolean =>
  held === undefined || fact.version > held.version || (fact.version === held.version && factRules > held.rules)

/** Of each order the highest version. */
function newestOf(all: readonly OrderFact[]): OrderFact[] {
  const newest = new Map<string, OrderFact>()
  for (const fact of all) if (fact.version > (newest.get(fact.id)?.version ?? 0)) newest.set(fact.id, fact)
  return [...newest.values()]
}

function toStored({ id, amounts, placedAt, version, ...fact }: OrderFact): StoredFact {
  const decimal = (name: AmountName) => {
    const text = amounts[name]
    return text === null ? null : Decimal128.fromString(text)
  }
  return {
    ...{ _id: id, version, rules: factRules },
    ...fact,
    placedAt: placedAt === null ? null : new Date(placedAt),
    quarter: placedAt === null ? null : (quarterOf(placedAt) ?? null),
    ...{ gross: decimal('gross'), refunds: decimal('refunds'), net: decimal('net') },
    ...{ taxes: decimal('taxes'), discounts: decimal('discounts'), shipping: decimal('shipping') },
  }
}

/** The indexes that reports are read by. Safe to run again. */
export async function createReportIndexes(db: Db): Promise<string[]> {
  const names = await db.collection(reportFacts).createIndexes([
    { name: 'days', key: { quarter: 1 } },
    { name: 'merchant-days', key: { merchantId: 1, quarter: 1 } },
  ])
  return names.map((name) => `${reportFacts}.${name}`)
}
