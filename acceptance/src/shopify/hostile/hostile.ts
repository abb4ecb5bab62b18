import { createShop, deliver } from '@varai/simulator'
import { waitUntil } from '@varai/testkit'
import type { Check } from '../../runner.ts'
import type { SystemContext } from '../../system/open-system.ts'
import { watchMemory } from '../../system/resident-memory.ts'
import { stores } from '../stores.ts'
import { kafkaStopped } from './kafka-stopped.ts'
import { largeBodies } from './large-bodies.ts'
import { type Attack, besiege, type Siege } from './siege.ts'
import { singleRequests } from './single-requests.ts'
import { slowSenders } from './slow-senders.ts'

const attacks: readonly Attack[] = [...singleRequests, ...largeBodies, ...slowSenders, kafkaStopped]

const megabyte = 1_000_000
/** How far resident memory may grow under all of it. */
const mayGrow = 100 * megabyte
/**
 * How near to its start it must come back: what is held in it, and what is resident. Node and the allocator keep some of
 * what they once had, for the next time.
 */
const nearStart = { held: 20 * megabyte, resident: 60 * megabyte }
const returnsWithinMs = 120_000

/** Whatever is sent to it, ingest answers as it should, keeps what is signed, and stays small. */
export const hostile: Check<SystemContext> = {
  title: 'the hostile list: each answered as in the table, genuine deliveries go through, memory stays and returns',
  async run(context) {
    // A new process, so that what the other checks left in it is not counted as its start.
    await context.system.service('ingest-shopify').restart()
    await warmUp(context)
    const siege = besiege(context)
    const memory = await watchMemory(context.system.service('ingest-shopify').pid)
    const start = memory.now
    const heldAtStart = await heldBytes(context)
    const lettersBefore = await lettersOf(context)
    const rows: { holds: boolean; line: string }[] = []
    let highest = start
    try {
      for (const attack of attacks) {
        const began = performance.now()
        const found = await attack.run(siege)
        const seconds = ((performance.now() - began) / 1000).toFixed(1)
        const genuine = await siege.genuine()
        const peak = memory.takePeak()
        highest = Math.max(highest, peak)
        const fits = typeof attack.wanted === 'string' ? found === attack.wanted : attack.wanted.test(found)
        const complaint = fits ? '' : `, but wanted: ${attack.wanted}`
        rows.push({
          holds: fits && genuine === '200',
          line: `${attack.name} → ${found}${complaint}${genuine === '200' ? '' : `; then a genuine one: ${genuine}`} (${signed(peak - start)} MB, ${seconds} s)`,
        })
      }
      const over = performance.now()
      const held = () => heldBytes(context)
      const returned = await returns(siege, async () => {
        return (await held()) - heldAtStart < nearStart.held && memory.now - start < nearStart.resident
      })
      const heldInTheEnd = await held()
      const after = ((performance.now() - over) / 1000).toFixed(0)
      await context.settled()
      const kept = (await lettersOf(context)) - lettersBefore
      const keptWanted = attacks.filter(({ wanted }) => String(wanted).includes('200 kept')).length
      const missing = await missingOrders(context, siege)
      return {
        holds:
          rows.every(({ holds }) => holds) &&
          highest - start < mayGrow &&
          returned &&
          kept === keptWanted &&
          missing.length === 0,
        figures: [
          ...rows.map(({ line }) => line),
          `resident memory: ${mb(start)} MB at the start, at most ${mb(highest)} MB, ${mb(memory.now)} MB ${after} s after the last; held: ${mb(heldAtStart)} MB at the start, ${mb(heldInTheEnd)} MB then`,
          `${kept} dead letters (${keptWanted} deliveries were signed and unreadable); ${siege.taken.length - missing.length} of ${siege.taken.length} genuine orders are there`,
        ],
      }
    } finally {
      memory.stop()
    }
  },
}

const mb = (bytes: number): string => (bytes / megabyte).toFixed(0)
const signed = (bytes: number): string => `${bytes < 0 ? '' : '+'}${mb(bytes)}`

/** What is sent again and again under new ids until the process has its size; and how often at most. */
const warmUpDeliveries = 500
const warmUpRounds = 60

/**
 * A process that has just begun lets its heap grow, whatever is in it, until its first full collection: only then has
 * it the size that it keeps. Until then it gets what it always gets.
 */
async function warmUp({ webhookUrl, metric }: SystemContext): Promise<void> {
  const shop = createShop({ ...stores.besieged, seed: 'warm', deliveries: warmUpDeliveries })
  const deliveries = [...shop.deliveries()]
  const collections = () => metric('ingest-shopify', 'nodejs_gc_duration_seconds_count', 'kind="major"')
  const before = await collections()
  for (let round = 0; round < warmUpRounds && (await collections()) === before; round += 1) {
    const fresh = deliveries.map(({ headers, body }) => ({
      headers: { ...headers, 'X-Shopify-Webhook-Id': `${headers['X-Shopify-Webhook-Id']}-${round}` },
      body,
    }))
    await deliver(fresh, { url: webhookUrl, concurrency: 64 })
  }
}

/** What Node holds: objects, and bytes outside of the heap. */
async function heldBytes({ metric }: SystemContext): Promise<number> {
  const of = (what: string) => metric('ingest-shopify', `nodejs_${what}_bytes`)
  return (await of('heap_size_used')) + (await of('external_memory'))
}

/** Whether it comes back while genuine deliveries go on as they do: without any, nothing is ever collected. */
async function returns(siege: Siege, isBack: () => Promise<boolean>): Promise<boolean> {
  const back = async () => {
    await siege.genuine()
    return isBack()
  }
  return waitUntil(back, { what: 'memory', withinMs: returnsWithinMs }).catch(() => false)
}

async function lettersOf({ deadLetters }: SystemContext): Promise<number> {
  const own = (await deadLetters()).filter(({ key }) => key?.includes(stores.besieged.storeId))
  return new Set(own.map(({ headers }) => headers['varai-delivery-id'])).size
}

async function missingOrders({ db }: SystemContext, { taken }: Siege): Promise<string[]> {
  const { merchantId, storeId } = stores.besieged
  const ids = taken.map((id) => `${merchantId}|shopify|${storeId}|${id}`)
  const there = await db.collection<{ _id: string }>('orders').distinct('_id', { _id: { $in: ids } })
  return ids.filter((id) => !there.includes(id))
}
