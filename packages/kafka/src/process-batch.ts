import type { Logger } from '@varai/runtime'
import type { KafkaMessage } from 'kafkajs'
import type { Codec, Decoded } from './codec.ts'
import { deadLetter } from './dead-letter.ts'
import type { DecodedRecord, Position } from './decoded-record.ts'
import { rawHeaders, textHeaders } from './headers.ts'
import { done, type Outcome, rejected } from './outcome.ts'
import type { Publisher } from './publisher.ts'
import { type Breaker, type BreakerSettings, closed, isOpen, judge } from './pure/breaker.ts'
import { portionsOf } from './pure/portions.ts'
import { type Attempts, attemptsOf, moveToEnd, putBack, retryTimesOf } from './put-back.ts'

/** Records that follow each other in one partition. */
export type Slice = { readonly topic: string; readonly partition: number; readonly messages: readonly KafkaMessage[] }

/** What may happen to a slice's offset: committed, or left because its breaker is open until then (epoch ms). */
export type SliceResult = { readonly kind: 'commit' } | { readonly kind: 'stopped'; readonly until: number }

export type RetrySettings = {
  /** The service's retry topic. */
  readonly topic: string
  /** After so many attempts in all a record that asks for one more goes to the dead letters. */
  readonly attempts: number
}

export type Counts = { done: number; skipped: number; rejected: number; retried: number; moved: number }

export type ProcessPorts = {
  readonly codec: Pick<Codec, 'decodeAll'>
  readonly publisher: Publisher
  readonly log: Logger
  readonly service: string
  readonly handle: (batch: readonly DecodedRecord[]) => Promise<readonly Outcome[]>
  /** About so many records are decoded and handled at a time, each key's together; all unless told. */
  readonly portion?: number
  readonly breaker: BreakerSettings
  readonly retry?: RetrySettings
  /** Told when the breaker of a partition (`topic|partition`) opens, stays open after a trial, or closes again. */
  readonly onBreaker?: (change: { readonly partition: string; readonly open: boolean }) => void
  readonly now?: () => number
}

/** A record on its way through a batch. */
type Step = { readonly message: KafkaMessage; readonly position: Position; outcome: Outcome | 'not-yet' | undefined }

export function createProcessBatch(ports: ProcessPorts) {
  const { codec, publisher, log, service, retry, now = Date.now } = ports
  const breakers = new Map<string, Breaker>()
  const breakerOf = (slice: Slice) => breakers.get(`${slice.topic}|${slice.partition}`) ?? closed

  /** Fills in the outcome of every step, portion by portion. */
  async function settle(steps: readonly Step[]): Promise<void> {
    const open = steps.filter((step) => step.outcome === undefined)
    for (const portion of portionsOf(open, keyOf, ports.portion ?? open.length)) await settlePortion(portion)
  }

  /** Those that cannot be decoded are rejected, all others go to the handler at once. */
  async function settlePortion(open: readonly Step[]): Promise<void> {
    const decoded = await codec.decodeAll(open.map((step) => step.message.value))
    const handled: Step[] = []
    const batch: DecodedRecord[] = []
    for (const [index, step] of open.entries()) {
      const result: Decoded = decoded[index] ?? { ok: false, reason: 'not-framed' }
      if (!result.ok) {
        step.outcome = rejected(result.reason)
        continue
      }
      handled.push(step)
      batch.push({ ...result, ...describe(step) })
    }
    const outcomes = batch.length === 0 ? [] : await ports.handle(batch)
    if (outcomes.length !== batch.length) {
      throw new Error(`the handler gave ${outcomes.length} outcomes for ${batch.length} records`)
    }
    for (const [index, step] of handled.entries()) step.outcome = outcomes[index]
  }

  /** Writes what an outcome asks to be written, and says what became of the record. */
  async function carryOut({ message, position, outcome }: Step): Promise<keyof Counts> {
    if (outcome === undefined) throw new Error('a record was left without an outcome')
    if (outcome === 'not-yet') {
      await moveToEnd(publisher, position.topic, message)
      return 'moved'
    }
    switch (outcome.kind) {
      case 'done':
        return 'done'
      case 'skipped':
        log.debug({ ...position, reason: outcome.reason }, 'record.skipped')
        return 'skipped'
      case 'rejected':
        await bury(message, attemptsOf(message, position), outcome.reason)
        return 'rejected'
      case 'retry': {
        if (retry === undefined) throw new Error(`${service} asked for a retry and has no retry topic`)
        const attempts = attemptsOf(message, position)
        if (attempts.made + 1 >= retry.attempts) {
          await bury(message, attempts, `retries-exhausted: ${outcome.reason}`)
          return 'rejected'
        }
        const at = now()
        const notBefore = at + outcome.afterMs
        log.info(
          { ...position, reason: outcome.reason, attempt: attempts.made + 1, afterMs: outcome.afterMs },
          'record.retry',
        )
        await putBack(publisher, retry.topic, message, attempts, { reason: outcome.reason, at, notBefore })
        return 'retried'
      }
      default:
        return outcome satisfies never
    }
  }

  async function bury(message: KafkaMessage, { made, firstFailedAt, origin }: Attempts, reason: string): Promise<void> {
    const attempts = made + 1
    log.warn({ ...origin, reason, attempts }, 'record.rejected')
    await deadLetter(publisher, {
      service,
      reason,
      attempts,
      key: message.key,
      bytes: message.value,
      headers: rawHeaders(message.headers),
      position: origin,
      ...(firstFailedAt === undefined ? {} : { firstFailedAt }),
      at: now(),
    })
  }

  return {
    /** The end of the cool-down of a partition whose breaker is open, in epoch ms; undefined when it may be read. */
    stoppedUntil(topic: string, partition: number): number | undefined {
      const breaker = breakers.get(`${topic}|${partition}`) ?? closed
      return isOpen(breaker, now()) ? breaker.openUntil : undefined
    },

    /**
     * Resolves when the slices with `commit` may be committed: every record handled, every dead letter and retry
     * acknowledged. Throws when something is away, or on a bug; then nothing may be committed.
     */
    async process(slices: readonly Slice[]): Promise<{ readonly results: SliceResult[]; readonly counts: Counts }> {
      const stepsOf = slices.map((slice) => slice.messages.map((message) => begin(slice, message)))
      await settle(stepsOf.flat())

      const counts: Counts = { done: 0, skipped: 0, rejected: 0, retried: 0, moved: 0 }
      const judged: [string, Breaker][] = []
      const writes: Promise<void>[] = []
      const results = slices.map((slice, index): SliceResult => {
        const steps = stepsOf[index] ?? []
        const rejections = steps
          .filter((step) => step.outcome !== 'not-yet')
          .map((step) => typeof step.outcome === 'object' && step.outcome.kind === 'rejected')
        const { breaker, opened } = judge(breakerOf(slice), rejections, ports.breaker, now())
        judged.push([`${slice.topic}|${slice.partition}`, breaker])
        if (opened) return { kind: 'stopped', until: breaker.openUntil ?? now() }
        for (const step of steps) {
          if (step.outcome === done) counts.done += 1
          else writes.push(count(carryOut(step), counts))
        }
        return { kind: 'commit' }
      })
      await Promise.all(writes)
      for (const [partition, breaker] of judged) setBreaker(partition, breaker)
      return { results, counts }
    },
  }

  function setBreaker(partition: string, breaker: Breaker): void {
    const wasOpen = breakers.get(partition)?.openUntil !== undefined
    const { openUntil } = breaker
    breakers.set(partition, breaker)
    if (openUntil !== undefined) {
      const until = new Date(openUntil).toISOString()
      log.error({ partition, rejections: ports.breaker.rejections, until }, 'kafka.breaker-open')
    } else if (wasOpen) log.info({ partition }, 'kafka.breaker-closed')
    if (wasOpen || openUntil !== undefined) ports.onBreaker?.({ partition, open: openUntil !== undefined })
  }

  function begin({ topic, partition }: Slice, message: KafkaMessage): Step {
    const early = topic === retry?.topic && retryTimesOf(message).notBefore > now()
    return { message, position: { topic, partition, offset: message.offset }, outcome: early ? 'not-yet' : undefined }
  }
}

const keyOf = ({ message }: Step): string | undefined => message.key?.toString('latin1')

function describe({ message, position }: Step) {
  return {
    ...position,
    key: message.key === null ? null : message.key.toString(),
    headers: textHeaders(message.headers),
    timestamp: Number(message.timestamp),
    attempt: attemptsOf(message, position).made,
  }
}

async function count(became: Promise<keyof Counts>, counts: Counts): Promise<void> {
  counts[await became] += 1
}
