/**
 * Ids of one query. Some servers look each document they found up in the whole list of ids again: with thousands of
 * ids that costs more than all else.
 */
const atOnce = 100

/** Runs a query for some ids at a time, side by side; all that was found. */
export async function findInChunks<T>(
  ids: readonly string[],
  find: (some: string[]) => Promise<readonly T[]>,
): Promise<T[]> {
  const chunks: string[][] = []
  for (let at = 0; at < ids.length; at += atOnce) chunks.push(ids.slice(at, at + atOnce))
  return (await Promise.all(chunks.map(find))).flat()
}
