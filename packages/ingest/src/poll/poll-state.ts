import { z } from 'zod'
import type { Cursor } from './poll-kind.ts'

const cursor = z.object({ at: z.number(), id: z.string() })
const schema = z.object({
  cursor: cursor.optional(),
  position: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  /** What was told of the overlap, so that what did not change is not told at every pass: id, time, digest. */
  told: z.array(z.tuple([z.string(), z.number(), z.string()])).default([]),
  /** When the last whole pass began, epoch ms of our clock. */
  lastSuccessAt: z.number().optional(),
  /** Passes that failed in a row, and why the last one did. */
  failures: z.number().default(0),
  problem: z.string().optional(),
})

/** What is known of one kind of one store between its passes. */
export type PollState = Readonly<z.output<typeof schema>>

/** A state that was saved; one that cannot be read (another release wrote it) begins anew, which repeats but loses nothing. */
export function readState(saved: unknown): PollState {
  const read = schema.safeParse(saved ?? {})
  return read.success ? read.data : schema.parse({})
}

/** Cursors only ever go forward. */
export function later(held: Cursor | undefined, next: Cursor | undefined): Cursor | undefined {
  if (held === undefined || next === undefined) return next ?? held
  const isLater = next.at === held.at ? next.id > held.id : next.at > held.at
  return isLater ? next : held
}

/** More than a shop changes in ten minutes; what is forgotten is only told once more. */
const mostTold = 500

/** What to remember as told: nothing that the next pass will not read again. */
export function remembered(
  told: PollState['told'],
  more: PollState['told'],
  since: number | undefined,
): PollState['told'] {
  const byId = new Map([...told, ...more].map((each) => [each[0], each]))
  return [...byId.values()]
    .filter(([, at]) => since === undefined || at >= since)
    .sort(([, one], [, other]) => one - other)
    .slice(-mostTold)
}
