import { agrees, compareWithTruth, deliver, type WooDelivery } from '@varai/simulator'
import { waitUntil } from '@varai/testkit'
import type { Check } from '../../runner.ts'
import type { ShopsContext } from '../open-shops.ts'
import { wooStores } from '../stores.ts'
import { followAnswers, truthAbout, truthAsAsked } from './follow-answers.ts'
import { publishedSince } from './published.ts'
import { stopKafka } from './stop-kafka.ts'
import { watchSpool } from './watch-spool.ts'

const minute = 60_000

/** Kafka stands still, the shop goes on; whoever takes its deliveries is killed, and in the end has no more room. */
export const outage: Check<ShopsContext> = {
  title:
    'Kafka stopped under WooCommerce deliveries, ingest killed twice, disk limit reached: nothing answered is lost or counts twice, polling finds the rest',
  async run(context) {
    const { short, db, settled, shops } = context
    const [store, shop] = [wooStores.outage, shops.outage]
    const rate = short ? 60 : 200
    const forMs = (short ? 10 : 60) * 1_000
    const answers = followAnswers(shop.deliveries)
    const lettersBefore = await lettersOf(context, store.storeId)
    const spool = watchSpool(context)
    const began = Date.now()
    let over = false

    const sending = deliver(
      until(shop.deliveries, () => over),
      {
        ...{ url: context.doors.woo, rate, concurrency: 128, timeout: minute },
        // WooCommerce sends nothing a second time because of what it was answered.
        ...{ retryOnFailure: false, wanted: answers.take },
      },
    )
    const someMore = (count: number) => {
      const due = answers.answers() + count
      return waitUntil(() => answers.answers() >= due, { what: `${count} answers`, withinMs: 5 * minute })
    }
    const stopped = await (async () => {
      await someMore(2 * rate)
      const stopped = await stopKafka(context, { forMs, refused: () => answers.with(503) > 0 })
      await someMore(5 * rate)
      return stopped
    })().finally(() => {
      over = true
    })
    const report = await sending
    const sent = performance.now()
    await settled()
    const settledAfter = (performance.now() - sent) / 1_000
    await spool.stop()

    const published = await publishedSince(context, store.storeId, began)
    const taken = answers.taken()
    const lost = [...taken].filter((id) => !published.deliveries.has(id))
    const letters = (await lettersOf(context, store.storeId)) - lettersBefore
    const { all, whole } = answers.entities()
    const told = await compareWithTruth(db, truthAbout(shop.truth(), whole, store))

    shop.letList()
    const asking = performance.now()
    await polled(context, store.storeId)
    const everything = await compareWithTruth(db, truthAsAsked(shop.truth(), whole, store))
    const foundAfter = (performance.now() - asking) / 1_000

    const { most, last } = spool
    const [first] = [...told.differences, ...told.missing, ...everything.differences, ...everything.missing]
    const told200 = answers.with(200)
    return {
      holds:
        report.ended === 'done' &&
        lost.length + letters + told.missing.length + told.differences.length === 0 &&
        whole.size > 0 &&
        told.checked >= whole.size &&
        answers.with(503) > 0 &&
        stopped.readyWhenFull === '503 the spool is full' &&
        most.depth > 0 &&
        most.oldest * 1_000 > forMs / 2 &&
        last.depth + last.oldest === 0 &&
        agrees(everything),
      figures: [
        `Kafka stopped for ${stopped.seconds.toFixed(0)} s; ingest killed twice meanwhile; ${report.deliveries} deliveries in ${report.seconds.toFixed(0)} s (${(report.deliveries / report.seconds).toFixed(0)}/s of ${rate}/s), answers ${JSON.stringify(report.byStatus)}`,
        `${told200} answered with 200, ${taken.size} different ones: ${lost.length} of them without an event, ${letters} in the dead letters`,
        `${published.events} events, ${published.repeated} of them more than once under one id`,
        `disk: ${most.depth} deliveries waited at most, the oldest ${most.oldest.toFixed(0)} s, ${(most.bytes / 1024 ** 2).toFixed(1)} of ${context.spoolMebibytes} MiB, then ${answers.with(503)} × 503 and /readyz ${stopped.readyWhenFull}; ${last.depth} waiting ${last.oldest} s in the end, ${settledAfter.toFixed(0)} s after the last delivery`,
        `${whole.size} of ${all.size} entities had all their deliveries answered: ${told.agreeing} of ${told.checked} documents equal the truth before polling`,
        `then polling: ${everything.agreeing} of ${everything.checked} documents equal the truth, ${everything.unexpected.length} unexpected, after ${foundAfter.toFixed(0)} s`,
        ...(first === undefined ? [] : [`first difference: ${JSON.stringify(first)}`]),
        ...lost.slice(0, 3).map((id) => `lost: ${id}`),
      ],
    }
  },
}

function* until(deliveries: readonly WooDelivery[], isOver: () => boolean): Generator<WooDelivery> {
  for (const delivery of deliveries) {
    if (isOver()) return
    yield delivery
  }
}

/** What there is to ask a WooCommerce shop for. */
const polls = ['orders', 'products', 'trashed-orders', 'trashed-products', 'customers', 'catalogue']
const sweeps = ['gone-orders', 'gone-products', 'gone-customers']

/** Resolves when everything of the shop was asked for and is worked off. */
async function polled({ metric, settled }: ShopsContext, storeId: string): Promise<void> {
  const name = 'varai_ingest_woocommerce_poll_last_success_timestamp_seconds'
  const isPolled = async (kind: string) =>
    (await metric('ingest-woocommerce', name, `store="${storeId}",kind="${kind}"`)) > 0
  for (const kind of [...polls, ...sweeps]) {
    await waitUntil(() => isPolled(kind), { what: `${kind} are polled`, withinMs: 10 * minute, everyMs: 1_000 })
  }
  await settled()
}

const lettersOf = async ({ deadLetters }: ShopsContext, storeId: string): Promise<number> =>
  (await deadLetters()).filter(({ key }) => key?.includes(`|${storeId}|`)).length
