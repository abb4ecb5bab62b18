/** How long a record may lie at the head of its retry partition before it makes way for those behind it. */
export type RetryTimes = {
  /** Not to be handled before this; epoch ms. */
  readonly notBefore: number
  /** When it was written to the retry topic; epoch ms. */
  readonly writtenAt: number
}

/**
 * When to take a record from a retry topic, in epoch ms. A partition is read in order, and delays differ: a record that
 * may come in a second can lie behind one that must wait for an hour. So none holds its place for longer than `holdMs`:
 * then it is handled if its time has come, and written again at the end if not. Guarantee: a record is never handled
 * before its time, and at most `holdMs` (and what is being handled just then) after it.
 */
export const takeAt = ({ notBefore, writtenAt }: RetryTimes, holdMs: number): number =>
  Math.min(notBefore, writtenAt + holdMs)

/** How many records from the first on may be taken now. */
export function takeable(records: readonly RetryTimes[], holdMs: number, now: number): number {
  const held = records.findIndex((record) => takeAt(record, holdMs) > now)
  return held === -1 ? records.length : held
}
