import { join } from 'node:path'
import type { DeadLetter } from '@varai/kafka'
import {
  agrees,
  compareWithShoppers,
  contactMarker,
  deliver,
  documentsOf,
  faceMarker,
  htmlRequests,
  liveShopper,
  toldByWoo,
  wooRequests,
} from '@varai/simulator'
import { waitUntil } from '@varai/testkit'
import type { Check } from '../../runner.ts'
import { described } from '../any-order.ts'
import { type EdgeContext, spooled, tell } from '../open-edge.ts'
import { stores } from '../stores.ts'
import { codingsOf, type Marks, type Searched, searchFolder, searchPieces } from './find-marks.ts'
import { documentsIn, keysIn } from './read-stores.ts'
import { type Unreadable, unreadables } from './unreadable.ts'

/** Where the search must find what may be there, so that one knows that it sees. */
const seen = 'sessions'

/** Raw faces and contacts come in by every door and in every shape; afterwards they lie nowhere. */
export const canary: Check<EdgeContext> = {
  title:
    'canary: raw faces and contacts through API, collector, WooCommerce, unreadable bodies and the spool lie nowhere: Kafka, database, Redis, spool, logs; dead letters are sealed',
  async run(context) {
    const from = Date.now() - 24 * 3_600_000
    const shoppers = Array.from({ length: context.short ? 100 : 2_000 }, (_, at) => liveShopper('canary', at, from))
    const before = new Set((await context.deadLetters()).map(positionOf))
    const marks: Marks = {
      face: codingsOf(faceMarker),
      contact: codingsOf(contactMarker),
      [seen]: shoppers.slice(0, 20).map(({ sessionId }) => Buffer.from(sessionId)),
    }

    const reports = await tell(context, stores.canary, htmlRequests(stores.canary, shoppers, { shuffle: 'total' }))
    const spool = await whileKafkaIsAway(context, marks, [...wooRequests(stores.wooCanary, shoppers)])
    const bodies = unreadables(context.short ? 5 : 50)
    const unlike = await sendUnreadable(context, bodies)
    await context.settled()

    const truth = await Promise.all([
      compareWithShoppers(
        ...([
          context.db,
          stores.canary,
          shoppers.flatMap((one) => documentsOf(stores.canary, one, one.steps)),
        ] as const),
      ),
      compareWithShoppers(
        ...([
          context.db,
          stores.wooCanary,
          shoppers.flatMap((one) => documentsOf(stores.wooCanary, one, toldByWoo(one))),
        ] as const),
      ),
    ])
    const letters = (await context.deadLetters()).filter((letter) => !before.has(positionOf(letter)))
    const kept = bodies.filter((body) => body.kept).length
    const places = [spool.searched, ...(await searchEverything(context, marks))]
    const leaks = places.flatMap(({ place, found }) =>
      [...found].filter(([name]) => name !== seen).map(([name, times]) => `${name} ${times} times in ${place}`),
    )
    // Without these the search would have been blind.
    const blind = places.filter(({ place, found }) => mustBeSeen.includes(place) && !found.has(seen))
    return {
      holds:
        leaks.length + blind.length + unlike.length === 0 &&
        truth.every((comparison) => comparison.checked > 0 && agrees(comparison)) &&
        spool.searched.bytes > 0 &&
        letters.length === kept,
      figures: [
        `${shoppers.length} sessions, ${reports.map(({ deliveries }) => deliveries).join(' + ')} batches of servers and pages, ${spool.sent} webhooks of WooCommerce (${spool.waiting} of them through the spool), ${bodies.length} unreadable bodies`,
        ...truth.map((comparison, at) => `${['API and collector', 'WooCommerce'][at]}: ${described(comparison)}`),
        ...places.map(describePlace),
        `${leaks.length === 0 ? 'no mark found' : leaks.join('; ')}${blind.length === 0 ? '' : `; the search is blind in ${blind.map(({ place }) => place).join(', ')}`}`,
        `${letters.length} dead letters of ${kept} bodies to be kept; ${unlike.length} answers other than they should be`,
        ...unlike.slice(0, 3),
      ],
    }
  },
}

const positionOf = ({ partition, offset }: DeadLetter): string => `${partition}|${offset}`

/** Kafka's segment files on the disk, the database as it answers and as it lies on the disk, Redis, spool, all logs. */
async function searchEverything({ stateDir, db, system }: EdgeContext, marks: Marks): Promise<Searched[]> {
  const under = (...path: string[]) => join(stateDir, ...path)
  return [
    await searchFolder(kafkaFiles, under('data', 'kafka'), marks),
    await searchPieces(documents, documentsIn(db), marks),
    await searchFolder('files of the database', under('data', 'mongo'), marks),
    await searchPieces('Redis', keysIn(system.stack.addresses.redis.url), marks),
    await searchFolder('files of Redis', under('data', 'redis'), marks),
    await searchFolder('spool afterwards', under('spool'), marks),
    await searchFolder('logs', under('logs'), marks),
  ]
}

const [kafkaFiles, documents] = ['files of Kafka', 'documents']
const mustBeSeen = [kafkaFiles, documents]

const describePlace = ({ place, bytes, found }: Searched): string =>
  `${place}: ${(bytes / 1_000_000).toFixed(2)} MB searched${found.has(seen) ? ", the sessions' ids are seen" : ''}`

/** A part of the webhooks comes while Kafka stands still and waits on the disk, where it is looked at. */
async function whileKafkaIsAway(context: EdgeContext, marks: Marks, webhooks: Parameters<typeof deliver>[0]) {
  const all = [...webhooks]
  const some = all.slice(0, context.short ? 20 : 100)
  const url = context.doors.woo
  const waiting = () => context.metric('ingest-woocommerce', spooled)
  await context.system.stack.kill('kafka', 'SIGSTOP')
  try {
    await deliver(some, { url, timeout: 60_000, concurrency: some.length })
    const most = await waitUntil(waiting, { what: 'deliveries in the spool', withinMs: 60_000 })
    const searched = await searchFolder('spool while Kafka was away', join(context.stateDir, 'spool'), marks)
    return { searched, waiting: most, sent: all.length }
  } finally {
    await context.system.stack.kill('kafka', 'SIGCONT')
    await deliver(all.slice(some.length), { url })
  }
}

/** Resolves with the answers that are not as they should be. */
async function sendUnreadable({ doors }: EdgeContext, bodies: readonly Unreadable[]): Promise<string[]> {
  const unlike: string[] = []
  const urls = { server: doors.server, page: () => doors.page(stores.canary), woo: doors.woo }
  for (const door of ['server', 'page', 'woo'] as const) {
    await deliver(
      bodies.filter((body) => body.door === door),
      {
        url: urls[door],
        wanted: (body, status) => {
          if (status === 429 || status >= 500) return false
          if (status !== body.wanted) unlike.push(`${door}: ${status} instead of ${body.wanted}`)
          return true
        },
      },
    )
  }
  return unlike
}
