/** So many rows lie in the queue at most while the list is shown: it is soon full. */
export const queueRows = 100
