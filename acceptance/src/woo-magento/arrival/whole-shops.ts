import { agrees, compareWithTruth, deliver, type WooDelivery } from '@varai/simulator'
import type { Check } from '../../runner.ts'
import type { ShopsContext } from '../open-shops.ts'

const mixed = { repeat: [1, 2], shuffle: 'total', seed: 'acceptance' } as const

/** Three whole lives, each arriving in another order; none of these shops is polled. */
export const wholeShops: Check<ShopsContext> = {
  title:
    'whole lives of shops, a fifth of it in mangled types, in order, backwards and shuffled: documents equal the truth',
  async run({ shops, doors, db, settled }) {
    const orders = [
      { name: 'in order', shop: shops.inOrder, arrange: (all: readonly WooDelivery[]) => all, more: {} },
      {
        name: 'backwards',
        shop: shops.backwards,
        arrange: (all: readonly WooDelivery[]) => all.toReversed(),
        more: {},
      },
      {
        name: 'shuffled, once or twice',
        shop: shops.shuffled,
        arrange: (all: readonly WooDelivery[]) => all,
        more: mixed,
      },
    ]
    const figures: string[] = []
    let holds = true
    for (const { name, shop, arrange, more } of orders) {
      const report = await deliver(arrange(shop.deliveries), {
        ...{ url: doors.woo, concurrency: 4, retryOnFailure: false },
        ...more,
      })
      await settled()
      const comparison = await compareWithTruth(db, shop.truth())
      const [first] = [...comparison.differences, ...comparison.missing, ...comparison.unexpected]
      holds &&= report.byStatus[200] === report.deliveries && agrees(comparison) && comparison.checked > 0
      figures.push(
        `${name}: ${report.deliveries} deliveries, answers ${JSON.stringify(report.byStatus)}, ${mangledIn(shop.deliveries)} of ${shop.deliveries.length} mangled, ${sharing(shop.deliveries)} share their Delivery-ID with another; ${comparison.agreeing} of ${comparison.checked} documents equal the truth`,
        ...(first === undefined ? [] : [`first difference: ${JSON.stringify(first)}`]),
      )
    }
    return { holds, figures }
  },
}

const mangledIn = (deliveries: readonly WooDelivery[]): number =>
  deliveries.filter(({ body }) => /^\{"id":"/.test(body.toString())).length

/** Deliveries under whose id another body was sent, too. */
function sharing(deliveries: readonly WooDelivery[]): number {
  const bodies = Map.groupBy(new Set(deliveries), ({ headers }) => headers['x-wc-webhook-delivery-id'])
  return [...bodies.values()].filter((all) => all.length > 1).reduce((sum, all) => sum + all.length, 0)
}
