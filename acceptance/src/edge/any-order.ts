import {
  agrees,
  type Comparison,
  compareWithShoppers,
  deliver,
  documentsOf,
  htmlRequests,
  liveShopper,
  type Shopper,
  shopifyOrders,
} from '@varai/simulator'
import type { Check } from '../runner.ts'
import { compareCopies } from './compare-copies.ts'
import { type EdgeContext, tell } from './open-edge.ts'
import { type HtmlStore, stores } from './stores.ts'

/** Lives end before now, and long before what is only kept for a while goes. */
const aDayAgo = () => Date.now() - 24 * 3_600_000

type Way = {
  readonly name: string
  readonly store: HtmlStore
  readonly arrangement: Parameters<typeof htmlRequests>[2]
}
const ways: readonly Way[] = [
  { name: 'as it was', store: stores.inOrder, arrangement: {} },
  { name: 'backwards', store: stores.backwards, arrangement: { backwards: true } },
  { name: 'shuffled, one to three times', store: stores.shuffled, arrangement: { shuffle: 'total', repeat: [1, 3] } },
]

/** The same lives told in every way: the same documents, those that the shoppers' own truth names. */
export const anyOrder: Check<EdgeContext> = {
  title:
    'whatever the order and repetition, sessions, recommendations, consents and orders equal the truth, and copies in Redis the sessions',
  async run(context) {
    const from = aDayAgo()
    const shoppers = Array.from({ length: context.short ? 60 : 600 }, (_, number) => liveShopper('edge', number, from))
    const lonely = shoppers.flatMap(alone)
    const all = [...ways.map((way) => ({ ...way, shoppers })), { ...lonelyWay, shoppers: lonely }]
    const told: string[] = []
    for (const { store, arrangement, shoppers, name } of all) {
      const reports = await tell(context, store, htmlRequests(store, shoppers, { seed: name, ...arrangement }))
      const [requests, answers] = [reports.map(({ deliveries }) => deliveries), reports.map(({ byStatus }) => byStatus)]
      told.push(`${requests.join(' + ')} requests, answers ${JSON.stringify(answers)}`)
    }
    const orders = await deliver(shopifyOrders(stores.shopify, shoppers), {
      ...{ url: context.doors.shopify, repeat: [1, 2], shuffle: 'total' },
    })
    told.push(`${orders.deliveries} webhooks`)
    await context.settled()
    const rows: { name: string; comparison: Comparison }[] = []
    const elsewhere = { name: 'orders on Shopify that name a session', store: stores.shopify, shoppers }
    for (const { name, store, shoppers } of [...all, elsewhere]) {
      const expected = shoppers.flatMap((shopper) => documentsOf(store, shopper, shopper.steps))
      rows.push({ name, comparison: await compareWithShoppers(context.db, store, expected) })
    }
    const redisUrl = context.system.stack.addresses.redis.url
    const copies = await Promise.all(all.map(({ store }) => compareCopies(context.db, redisUrl, store)))
    return {
      holds:
        rows.every(({ comparison }) => comparison.checked > 0 && agrees(comparison)) &&
        copies.every(({ sessions, equal }) => sessions > 0 && equal === sessions),
      figures: [
        ...rows.map(({ name, comparison }, at) => `${name}: ${told[at]}: ${described(comparison)}`),
        ...copies.flatMap(({ first }) => (first === undefined ? [] : [`a copy that differs: ${first}`])),
        `copies in Redis: ${copies.map(({ sessions, equal }) => `${equal} of ${sessions}`).join(', ')} sessions are there in their newest version`,
      ],
    }
  },
}

const lonelyWay: Way = {
  ...{ name: 'one event of each session alone, a completion or an analysis', store: stores.alone },
  arrangement: { repeat: 2, shuffle: 'total' },
}

/** A shopper of whom nothing comes but the analysis, and another one of whom nothing comes but the end. */
function alone(shopper: Shopper): Shopper[] {
  return shopper.steps
    .filter(({ deed }) => deed.what === 'analysed' || deed.what === 'completed')
    .map((step) => ({ ...shopper, sessionId: `${shopper.sessionId}-${step.deed.what}`, steps: [step] }))
}

export function described({ checked, agreeing, differences, missing, unexpected }: Comparison): string {
  const [first] = differences
  const more = first ?? missing[0] ?? unexpected[0]
  return `${agreeing} of ${checked} documents equal the truth; ${missing.length} missing, ${unexpected.length} unexpected, ${differences.length} differing fields${more === undefined ? '' : `; first: ${JSON.stringify(more)}`}`
}
