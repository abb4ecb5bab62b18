import type { Db } from 'mongodb'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

export type BareOptions = {
  readonly parts: number
  /** Of each part. */
  readonly inserts: number
  readonly updates: number
  readonly signal: AbortSignal
}

const atOnce = 1_000
/** One update in so many is of a document of any time, the others are of the newest. */
const late = 10

/**
 * What writes cost the database alone while a collection grows: documents with the size and the indexes of facts,
 * inserted and updated by id and version, a thousand at once, by a script that does nothing else. Resolves with the µs
 * of a write, part by part; leaves nothing.
 */
export async function bareWrites(db: Db, { parts, inserts, updates, signal }: BareOptions): Promise<number[]> {
  const facts = db.collection<{ _id: string; version: number }>('facts')
  const generator = xoroshiro128plus(31)
  const random = () => uniformFloat64(generator)
  const fields = () => ({
    fact: { told: Array.from({ length: 30 }, () => random().toString(36).padEnd(44, 'x')) },
    links: Array.from({ length: 6 }, () => `f|bench|html|lens-shop|${Math.floor(random() * 500)}`),
    ...{ at: new Date(), waits: true },
  })
  await facts.createIndexes([{ key: { waits: 1 }, sparse: true }, { key: { links: 1, at: 1 } }])
  const versions: number[] = []
  const insert = (count: number) =>
    Array.from({ length: count }, () => {
      versions.push(1)
      return {
        insertOne: { document: { _id: `bench|html|lens-shop|ais-${versions.length - 1}`, version: 1, ...fields() } },
      }
    })
  const update = (count: number) =>
    [...new Set(Array.from({ length: count }, () => pick()))].map((at) => {
      const version = versions[at] ?? 0
      versions[at] = version + 1
      const { links: _, ...changed } = fields()
      const filter = { _id: `bench|html|lens-shop|ais-${at}`, version }
      return { updateOne: { filter, update: { $set: { ...changed, version: version + 1 } } } }
    })
  const pick = () => {
    const span = random() < 1 / late ? versions.length : Math.min(versions.length, inserts)
    return versions.length - 1 - Math.floor(random() * span)
  }
  const measured: number[] = []
  for (let part = 0; part < parts; part += 1) {
    let [tookMs, writes] = [0, 0]
    const write = async (operations: readonly object[]) => {
      signal.throwIfAborted()
      const began = performance.now()
      const { insertedCount, matchedCount } = await facts.bulkWrite(operations as never, { ordered: false })
      tookMs += performance.now() - began
      writes += operations.length
      if (insertedCount + matchedCount !== operations.length) throw new Error('a bare write found nothing')
    }
    for (let done = 0; done < inserts; done += atOnce) await write(insert(Math.min(atOnce, inserts - done)))
    for (let done = 0; done < updates; done += atOnce) await write(update(Math.min(atOnce, updates - done)))
    measured.push((1_000 * tookMs) / writes)
  }
  await db.dropDatabase()
  return measured
}
