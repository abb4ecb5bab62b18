import type { Logger } from '@varai/runtime'
import { answerTo, type Receipt } from './answer.ts'
import type { Door } from './door.ts'
import { inTime } from './in-time.ts'
import type { Receiver, VerifiedDelivery } from './receive-delivery.ts'
import type { DeliverySpool } from './spool/delivery-spool.ts'

export type SpoolPort = Pick<DeliverySpool, 'keep' | 'isBefore' | 'outage' | 'drainInto'>

/** How a delivery is taken: what it is answered with, and what goes on after the answer. */
export type Taken<R = Receipt> = { readonly receipt: Promise<R>; readonly work: Promise<unknown> }
export type Take = (delivery: VerifiedDelivery, crowded: boolean) => Taken

/** For platforms that deliver again: who cannot be served in time is told so. */
export const takeOrRefuse =
  (receive: Receiver, withinMs: number): Take =>
  (delivery, crowded) => {
    if (crowded) return settled({ kind: 'overloaded' })
    const work = receive(delivery)
    return { receipt: inTime(work, withinMs), work }
  }

/**
 * For a platform that never delivers again. A delivery goes to the disk when it cannot be published in time, when it is
 * of topics that need the store's answer first, and when others have to be worked off before it. Only when the disk
 * does not take it either is its sender told so.
 */
export function takeOrSpool(ports: {
  readonly door: Pick<Door, 'lookedUp'>
  readonly receive: Receiver
  readonly spool: SpoolPort
  readonly withinMs: number
  readonly log: Logger
}): Take {
  const { door, receive, spool, log } = ports

  async function spooled(delivery: VerifiedDelivery): Promise<Receipt> {
    try {
      await spool.keep(delivery)
      return { kind: 'spooled' }
    } catch (error) {
      log.error({ store: delivery.facts.store.id, topic: delivery.topic, err: error }, 'delivery.not-spooled')
      return { kind: 'unavailable', reason: 'cannot be kept now' }
    }
  }

  async function receivedOrSpooled(delivery: VerifiedDelivery, work: Promise<Receipt>): Promise<Receipt> {
    const receipt = await inTime(work, ports.withinMs)
    if (receipt.kind === 'unanswered') return spooled(delivery)
    if (receipt.kind !== 'unavailable' && receipt.kind !== 'overloaded') return receipt
    spool.outage()
    return spooled(delivery)
  }

  return (delivery, crowded) => {
    if (crowded || door.lookedUp?.has(delivery.topic) || spool.isBefore(delivery)) {
      const receipt = spooled(delivery)
      return { receipt, work: receipt }
    }
    const work = receive(delivery)
    return { receipt: receivedOrSpooled(delivery, work), work }
  }
}

/** How many deliveries of one request are under way at once. */
const atOnce = 100

/**
 * Takes the deliveries of one request; resolves with a receipt for each that was taken. Once one of them cannot be
 * settled now, or time is up, no more are begun: the sender has to send all again, and finds the settled ones done.
 */
export function takeAll(
  take: Take,
  deliveries: readonly VerifiedDelivery[],
  { crowded, withinMs }: { readonly crowded: boolean; readonly withinMs: number },
): Taken<readonly Receipt[]> {
  const work: Promise<unknown>[] = []
  const until = performance.now() + withinMs

  async function inTurn(): Promise<readonly Receipt[]> {
    const receipts: Receipt[] = []
    for (let next = 0; next < deliveries.length; next += atOnce) {
      if (performance.now() > until) return [...receipts, { kind: 'unavailable', reason: 'not acknowledged yet' }]
      const taken = deliveries.slice(next, next + atOnce).map((delivery) => take(delivery, crowded))
      work.push(...taken.map((each) => each.work))
      receipts.push(...(await Promise.all(taken.map((each) => each.receipt))))
      if (receipts.some((receipt) => answerTo(receipt).status !== 200)) return receipts
    }
    return receipts
  }

  const receipt = inTurn()
  return { receipt, work: receipt.then(() => Promise.allSettled(work)) }
}

function settled(receipt: Receipt): Taken {
  const work = Promise.resolve(receipt)
  return { receipt: work, work }
}
