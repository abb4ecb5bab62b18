import type { HealthCheck, Logger, Metrics } from '@varai/runtime'
import type { Receipt } from '../answer.ts'
import type { DeliveryFacts } from '../pure/index.ts'
import type { Receiver, VerifiedDelivery } from '../receive-delivery.ts'
import { type Draining, type DrainOptions, drain, type Worked } from './drain.ts'
import { openSpool, type SpoolOptions } from './spool.ts'

/**
 * Verified deliveries on disk, for a platform that delivers once and never again. What is kept here is worked off as
 * soon as it can be, at least once.
 */
export type DeliverySpool = {
  /** Resolves when a crash cannot lose the delivery any more; rejects with SpoolFull or the disk's error. */
  keep(delivery: VerifiedDelivery): Promise<void>
  /** Whether a delivery has to queue: one of its entity waits, or nothing can be published at present. */
  isBefore(delivery: VerifiedDelivery): boolean
  /** Something that every delivery needs was found to be away. */
  outage(): void
  /** Begins to work off what waits, and what will. Once. */
  drainInto(receive: Receiver): void
  /** For `/readyz`: fails while the spool is full. */
  readonly check: HealthCheck
  /** Stops working off, and lets go of the files: what waits, waits for the next start. */
  close(): Promise<void>
}

export type DeliverySpoolOptions = Omit<SpoolOptions, 'log'> & {
  /** What the delivery is about: deliveries of one entity keep their order. */
  readonly entityOf: (delivery: Pick<VerifiedDelivery, 'topic' | 'rawBody'>) => string
  readonly metrics: Metrics
  readonly log: Logger
  readonly draining?: Pick<DrainOptions, 'concurrency' | 'pauses'>
}

/** So near to the limit no delivery of usual size is taken. */
const almostFull = 0.98

export async function openDeliverySpool(options: DeliverySpoolOptions): Promise<DeliverySpool> {
  const { entityOf, metrics, log, maxBytes, now = Date.now } = options
  const spool = await openSpool(options)
  let draining: Draining | undefined

  metrics.gauge({
    what: 'spooled_deliveries',
    help: 'Deliveries that wait on disk',
    collect: (gauge) => gauge.set(spool.depth),
  })
  metrics.gauge({
    what: 'spool',
    unit: 'bytes',
    help: 'What the files of the spool take',
    collect: (gauge) => gauge.set(spool.bytes),
  })
  metrics.gauge({
    what: 'spool_limit',
    unit: 'bytes',
    help: 'What they may take; beyond it deliveries are answered with 503',
    collect: (gauge) => gauge.set(maxBytes),
  })
  metrics.gauge({
    what: 'spool_oldest',
    unit: 'seconds',
    help: 'How long the oldest delivery on disk has been waiting',
    collect: (gauge) => gauge.set(spool.oldest === undefined ? 0 : Math.max(0, now() - spool.oldest) / 1_000),
  })

  const keyOf = ({ facts, topic, rawBody }: VerifiedDelivery): string =>
    [facts.store.id, entityOf({ topic, rawBody })].join(' ')

  return {
    keep: (delivery) => spool.append(keyOf(delivery), encode(delivery)),
    isBefore: (delivery) => draining?.waits === true || (spool.depth > 0 && spool.holds(keyOf(delivery))),
    outage: () => draining?.outage(),
    drainInto(receive) {
      draining = drain({
        ...{ spool, log, ...options.draining },
        work: async (bytes) => workedOf(await receive(decode(bytes))),
      })
    },
    check: () => {
      if (spool.bytes > almostFull * maxBytes) throw new Error(`the spool is full: ${spool.depth} deliveries wait`)
      return `${spool.depth} deliveries wait`
    },
    async close() {
      await draining?.stop()
      await spool.close()
    },
  }
}

function workedOf(receipt: Receipt): Worked {
  switch (receipt.kind) {
    case 'published':
    case 'acknowledged':
    case 'duplicate':
    case 'kept':
    case 'spooled':
      return { kind: 'done' }
    case 'unanswered':
      return { kind: 'later', afterMs: receipt.afterMs }
    case 'overloaded':
    case 'unavailable':
      return { kind: 'outage' }
    default:
      return receipt satisfies never
  }
}

type Head = { readonly facts: DeliveryFacts; readonly topic: string }

/** Length of the facts, the facts as JSON, the raw body. */
function encode({ facts, topic, rawBody }: VerifiedDelivery): Buffer {
  const head = Buffer.from(JSON.stringify({ facts, topic } satisfies Head))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(head.length)
  return Buffer.concat([length, head, rawBody])
}

/** Only what `encode` made comes back: the spool checks and unseals it. */
function decode(bytes: Buffer): VerifiedDelivery {
  const bodyAt = 4 + bytes.readUInt32LE(0)
  const { facts, topic } = JSON.parse(bytes.toString('utf8', 4, bodyAt)) as Head
  return { facts, topic, rawBody: bytes.subarray(bodyAt) }
}
