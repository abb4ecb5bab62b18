/** So many rows lie in the queue at most while the list is shown: it is soon full, and soon empty. */
export const queueRows = (short: boolean): number => (short ? 100 : 1_000)
