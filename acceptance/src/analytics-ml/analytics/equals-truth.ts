import { join } from 'node:path'
import { root } from '@varai/demo/system'
import { startService } from '@varai/dev-stack'
import { createPublisher, resetGroup, tail } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { laneGroup, lanes, laneTopic, type RecordName, replayTopic } from '@varai/schemas'
import {
  createShop,
  deliver,
  htmlHeaders,
  htmlRequests,
  liveShopper,
  type Shopper,
  type ShopperRequest,
  shopifyOrders,
} from '@varai/simulator'
import type { Check } from '../../runner.ts'
import { type AnalyticsContext, tell } from '../open-analytics.ts'
import { stores } from '../stores.ts'
import { countShop, countShoppers, type Frame } from './expected.ts'
import { type Comparison, compareReports, readReports } from './read-reports.ts'

const hour = 3_600_000
const day = 24 * hour
const shapes = ['round', 'square', 'aviator'] as const
const colours = ['black', 'gold'] as const

/** What the store says of its frames; of some it says nothing. */
function frameOf(productId: string): Frame {
  const number = Number(productId)
  if (number % 5 === 0) return {}
  return {
    frameShape: shapes[number % 3] ?? 'round',
    ...(number % 2 === 0 && { frameColor: colours[(number / 2) % 2] ?? 'black' }),
  }
}

export const equalsTruth: Check<AnalyticsContext> = {
  title:
    'figures equal the truth of shoppers and shops: shuffled, repeated, a day late, told by several ways, read again twice, replayed twice, two that count at once',
  async run(context) {
    const { short, system, kafka } = context
    const shoppers = livesOf(short ? 120 : 800)
    const shop = createShop({ ...stores.lively, seed: 'counted', deliveries: short ? 300 : 1_500 })
    const second = await startService({
      ...{ name: 'analytics-second', entry: join(root, 'services/analytics/src/main.ts'), cwd: root },
      ...{ env: system.env, stateDir: join(root, '.varai', 'acceptance') },
    })
    try {
      const counting = [system.service('analytics'), second]
      const stolen = stealTurns(counting, short ? 2 : 8)
      const requests = [
        ...htmlRequests(stores.assisted, shoppers, { seed: 'counted', shuffle: 'total', repeat: [1, 3] }),
      ]
      const half = Math.floor(requests.length / 2)
      await tell(context, stores.assisted, requests.slice(0, half))
      const sold = await deliver(shop.deliveries(), {
        ...{ url: context.doors.shopify, repeat: [1, 3], shuffle: 'total', seed: 'counted' },
      })
      await context.counted()
      // the other half comes when the hours have long been counted; frames become known last
      await tell(context, stores.assisted, requests.slice(half))
      const themed = await deliver(shopifyOrders(stores.assistedTheme, shoppers), {
        ...{ url: context.doors.shopify, repeat: [1, 2], shuffle: 'total' },
      })
      await tell(context, stores.assisted, framesOf(shoppers))
      const copies = await tellAnotherWay(context)
      await context.counted()
      await stolen
      const now = await compareAll(context, shoppers, shop)
      const again: Comparison[] = []
      for (let times = 0; times < 2; times += 1) {
        for (const each of counting) await each.stop()
        for (const lane of lanes) await resetGroup(kafka, laneGroup('analytics', lane), [laneTopic(lane)], 'earliest')
        for (const each of counting) await each.restart()
        await context.counted()
        again.push(await compareAll(context, shoppers, shop))
      }
      const replayed = await copyLanes(context, ({ key, bytes }) =>
        [1, 2].map(() => ({ topic: replayTopic('analytics'), key, bytes })),
      )
      await context.counted()
      again.push(await compareAll(context, shoppers, shop))
      const all = [now, ...again]
      const first = all.find((one) => one.first !== undefined)?.first
      return {
        holds: all.every(({ lines, equal }) => lines > 0 && lines === equal),
        figures: [
          `${shoppers.length} shoppers in ${requests.length} requests, half of them when their hours were counted; ${themed.deliveries} + ${sold.deliveries} webhooks; ${copies} records told again under other ids`,
          ...all.map(
            ({ lines, equal }, times) =>
              `${times < 3 ? `read ${times + 1} times` : `and ${replayed} records replayed`}: ${equal} of ${lines} lines equal the truth`,
          ),
          `${await steps(context)} steps of counting by two processes, each of them held still in turns, ${await stolen} times in all, for longer than it may count alone; the right to count changed hands ${await claims(context)} times`,
          ...(first === undefined ? [] : [`first difference: ${first}`]),
        ],
      }
    } finally {
      await second.stop()
    }
  },
}

/** Lives of a day ago. The clock of a page may be off by a request: nobody begins near the end of an hour. */
function livesOf(count: number): Shopper[] {
  const shoppers: Shopper[] = []
  for (let number = 0; shoppers.length < count; number += 1) {
    const shopper = liveShopper('counted', number, Date.now() - day - 2 * hour)
    const began = Math.min(...shopper.steps.map(({ at }) => at)) % hour
    if (began > 60_000 && began < hour - 60_000) shoppers.push(shopper)
  }
  return shoppers
}

/** The store's server tells what frames its products are. */
function framesOf(shoppers: readonly Shopper[]): ShopperRequest[] {
  const touched = shoppers.flatMap(({ steps }) =>
    steps.flatMap(({ deed }) =>
      deed.what === 'interacted'
        ? [deed.interaction.productId]
        : deed.what === 'recommended'
          ? deed.items.map(({ productId }) => productId)
          : [],
    ),
  )
  const products = [...new Set(touched)].filter((id) => Object.keys(frameOf(id)).length > 0)
  const { storeId, secret } = stores.assisted
  return Array.from({ length: Math.ceil(products.length / 20) }, (_, batch) => {
    const events = products.slice(batch * 20, batch * 20 + 20).map((entityId) => ({
      ...{
        id: `p-${entityId}`,
        event: 'product_updated',
        entityId,
        occurredAt: new Date(Date.now() - day).toISOString(),
      },
      data: { title: `Frame ${entityId}`, ...frameOf(entityId) },
    }))
    const body = Buffer.from(JSON.stringify({ events }))
    return { door: 'server', body, headers: htmlHeaders(body, { storeId, secret, at: Date.now() }) }
  })
}

/** Everything that lies in the lanes once more, as a poll would have found it: the same facts, other events. */
const tellAnotherWay = (context: AnalyticsContext): Promise<number> =>
  copyLanes(context, ({ topic, key, decoded: { record, value } }) => {
    const polled = { ...value, eventId: `${value.eventId}|polled`, origin: 'poll' }
    return [{ topic, key, bytes: context.codec.encodeSync(record, polled as never) }]
  })

type Copied = { topic: string; key: string; bytes: Buffer }
type Told = Copied & { decoded: { record: RecordName; value: { eventId: string } } }

/** Publishes what is made of each record of the lanes; resolves with how many there were. */
async function copyLanes({ kafka, codec }: AnalyticsContext, copiesOf: (of: Told) => Copied[]): Promise<number> {
  const publisher = createPublisher({ kafka, codec, log: createLog({ service: 'acceptance', level: 'fatal' }) })
  await publisher.connect()
  let copies = 0
  try {
    for await (const { topic, key, bytes, decoded } of tail({
      ...{ kafka, codec, topics: lanes.map(laneTopic), from: 'earliest', untilEnd: true },
    })) {
      if (!decoded.ok || key === null || bytes === null || !('eventId' in decoded.value)) continue
      const { record, value } = decoded
      for (const copy of copiesOf({ topic, key, bytes, decoded: { record, value } })) {
        await publisher.publishRaw(copy)
        copies += 1
      }
    }
  } finally {
    await publisher.close()
  }
  return copies
}

/** Stops one process after the other for longer than it may count alone; resolves with how often. */
async function stealTurns(
  counting: readonly { kill(signal: NodeJS.Signals): Promise<void> }[],
  times: number,
): Promise<number> {
  for (let turn = 0; turn < times; turn += 1) {
    const stopped = counting[turn % counting.length]
    await stopped?.kill('SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    await stopped?.kill('SIGCONT')
  }
  return times
}

async function compareAll(
  context: AnalyticsContext,
  shoppers: readonly Shopper[],
  shop: ReturnType<typeof createShop>,
) {
  const { url } = context.system.service('analytics')
  const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  const until = dayOf(Date.now() + 2 * day)
  const { assisted, assistedTheme, lively } = stores
  const place = ({ platform, storeId: store }: { platform: string; storeId: string }) => ({ platform, store })
  const pairs = [
    {
      expected: countShoppers(shoppers, { here: place(assisted), shopify: place(assistedTheme) }, frameOf),
      seen: await readReports(url, assisted.merchantId, dayOf(Date.now() - 4 * day), until),
    },
    {
      expected: countShop(shop.truth(), place(lively)),
      seen: await readReports(url, lively.merchantId, '2026-10-01', '2026-12-31'),
    },
  ]
  const all = pairs.map(({ expected, seen }) => compareReports(expected, seen))
  return {
    lines: all.reduce((sum, { lines }) => sum + lines, 0),
    equal: all.reduce((sum, { equal }) => sum + equal, 0),
    first: all.find(({ first }) => first !== undefined)?.first,
  }
}

async function claims({ db }: AnalyticsContext): Promise<number> {
  const lease = await db.collection<{ _id: string; token: number }>('jobs').findOne({ _id: 'analytics-aggregation' })
  return lease?.token ?? 0
}

async function steps({ db }: AnalyticsContext): Promise<number> {
  const journal = await db.collection('analytics_journal').findOne({})
  return Number(journal?.['seq'] ?? 0)
}
