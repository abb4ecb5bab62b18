const firstPauseMs = 2_000
const longestPauseMs = 60 * 60_000

/** With the pauses between them these take a day: a store that does not answer for a day needs a person. */
export const fetchAttempts = 34

/** ms until a store that did not answer is asked again, by the attempts before and what the store itself wishes. */
export const fetchPause = (attemptsBefore: number, retryAfterMs: number): number =>
  Math.max(retryAfterMs, Math.min(firstPauseMs * 2 ** attemptsBefore, longestPauseMs))
