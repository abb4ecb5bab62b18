import { canonicalDecimal } from '@varai/schemas'
import { z } from 'zod'
import { type AmountName, amountText, millionths } from './amount.ts'

/** What an order adds to reports, as it is at one version. No personal data. */
export type OrderFact = {
  readonly id: string
  readonly merchantId: string
  readonly platform: string
  readonly storeId: string
  /** Of the order's document when it became so; the highest counts. */
  readonly version: number
  /** False where it is deleted, or a test. */
  readonly counted: boolean
  /** When it counts as placed, ms; null while no store said so. */
  readonly placedAt: number | null
  /** ISO 4217 of the amounts. */
  readonly currency: string | null
  readonly cancelled: boolean
  readonly refunded: boolean
  /** Canonical decimal text; null where the order states none. */
  readonly amounts: Readonly<Record<AmountName, string | null>>
}

/** Raised whenever facts are made in another way: then all are made anew. */
export const factRules = 1

const amount = z
  .string()
  .transform((text, context) => {
    const canonical = canonicalDecimal(text)
    if (canonical !== undefined) return canonical
    context.addIssue({ code: 'custom', message: 'no amount' })
    return z.NEVER
  })
  .nullish()
const time = z.number().int().nullish()
const text = z.string().nullish()

/** What is read of an order as `varai.changes` pictures it: times in ms, amounts as text. */
const image = z.looseObject({
  ...{ createdAt: time, processedAt: time, cancelledAt: time },
  ...{ status: text, currency: text, test: z.boolean().nullish() },
  ...{ total: amount, netTotal: amount, totalTax: amount, totalDiscounts: amount, totalShipping: amount },
  refunds: z.array(z.looseObject({ total: amount })).nullish(),
})

/** The fields that are read. */
export const imageFields = Object.keys(image.shape)

type Named = Pick<OrderFact, 'id' | 'merchantId' | 'version'>

/**
 * `pictured`: what an order says; null for one that is deleted. `ok: false` names what in it is not as it should be,
 * without its value.
 */
export function factOf(of: Named, pictured: unknown): { ok: true; fact: OrderFact } | { ok: false; reason: string } {
  // the parts of an id hold no bar
  const [, platform = '', storeId = ''] = of.id.split('|')
  const named = { ...of, platform, storeId }
  if (pictured === null) return { ok: true, fact: { ...named, ...nothing } }
  const read = image.safeParse(pictured)
  if (!read.success) {
    const paths = read.error.issues.map(({ path }) => path.join('.') || 'after')
    return { ok: false, reason: `not an order: ${[...new Set(paths)].join(', ')}` }
  }
  const { createdAt, processedAt, currency = null, total = null, ...said } = read.data
  const cancelled = typeof said.cancelledAt === 'number' || cancelledStatus.has(said.status ?? '')
  const refunds = (said.refunds ?? []).flatMap((refund) => refund.total ?? [])
  const refunded = refunds.reduce((sum, each) => sum + millionths(each), 0n)
  const left = said.netTotal ?? (total === null ? null : amountText(millionths(total) - refunded, null))
  const fact: OrderFact = {
    ...named,
    counted: said.test !== true,
    placedAt: processedAt ?? createdAt ?? null,
    ...{ currency, cancelled, refunded: refunded > 0n || refundedStatus.has(said.status ?? '') },
    amounts: {
      gross: total,
      refunds: total === null && refunds.length === 0 ? null : amountText(refunded, null),
      net: cancelled ? '0' : left,
      taxes: said.totalTax ?? null,
      discounts: said.totalDiscounts ?? null,
      shipping: said.totalShipping ?? null,
    },
  }
  return { ok: true, fact }
}

/** As platforms name them. */
const cancelledStatus = new Set(['cancelled', 'canceled'])
const refundedStatus = new Set(['refunded', 'partially_refunded'])

const nothing = {
  ...{ counted: false, placedAt: null, currency: null, cancelled: false, refunded: false },
  amounts: { gross: null, refunds: null, net: null, taxes: null, discounts: null, shipping: null },
}
