import { mkdir, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorText, type Logger } from '@varai/runtime'
import { lockFolder } from './folder-lock.ts'
import { frame } from './frames.ts'
import type { LocalSeal } from './local-seal.ts'
import { createSegment, openSegment, type Segment, syncFolder } from './segment.ts'

/** The spool holds as many bytes as it may. */
export class SpoolFull extends Error {
  override name = 'SpoolFull'
}

/** Something that waits in the spool. */
export type Entry = {
  /** Entries of one key are worked off one after another, in the order in which they came. */
  readonly key: string
  /** When it came, epoch ms. */
  readonly at: number
  readonly segment: Segment
  readonly offset: number
}

export type Spool = {
  /** Resolves when it is on the disk itself. Rejects with SpoolFull, or with the disk's error: then it is not kept. */
  append(key: string, bytes: Buffer): Promise<void>
  /** Whether anything of the key waits. */
  holds(key: string): boolean
  /** The key's next entry. */
  head(key: string): Entry | undefined
  keys(): Iterable<string>
  /** Called with a key when its first entry comes to wait. */
  onWaiting(listener: (key: string) => void): void
  /** Undefined when the disk does not give it back. */
  read(entry: Entry): Promise<Buffer | undefined>
  /** The entry is worked off, or can never be (`lost`: then its file is kept aside). Never rejects. */
  done(entry: Entry, lost?: boolean): Promise<void>
  /** How many wait. */
  readonly depth: number
  /** What the files take of the limit. */
  readonly bytes: number
  /** When the oldest that waits came, epoch ms. */
  readonly oldest: number | undefined
  close(): Promise<void>
}

export type SpoolOptions = {
  /** Of this process alone. Made when it is not there. */
  readonly folder: string
  /** Beyond it nothing more is taken. */
  readonly maxBytes: number
  /** A file that is as large takes no more. */
  readonly segmentBytes?: number
  readonly seal: LocalSeal
  readonly log: Logger
  readonly now?: () => number
}

const extension = '.spool'
const usualSegmentBytes = 8 * 1024 * 1024
/** A file whose entries are all worked off goes when it is at least so large; making one takes a sync of its folder. */
const recycledBytes = 1024 * 1024

type Waiting = { readonly key: string; readonly at: number; readonly frame: Buffer; settle: PromiseWithResolvers<void> }

/**
 * A queue on disk that outlives crashes: at least once, never lost after `append` resolved, as far as the disk keeps
 * what it said it had written. What comes at once is written and synced together. Rejects with FolderTaken.
 */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const { folder, maxBytes, seal, log, now = Date.now } = options
  const segmentBytes = options.segmentBytes ?? usualSegmentBytes
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await syncFolder(dirname(folder))
  const unlock = await lockFolder(folder)

  const queues = new Map<string, Entry[]>()
  const order = new Set<Entry>()
  const listeners: ((key: string) => void)[] = []
  const segments = new Set<Segment>()
  let bytes = 0
  let sequence = 0
  let active: Segment | undefined
  let waiting: Waiting[] = []
  let work: Promise<unknown> = Promise.resolve()

  /** Writing and removing files happen one after another. */
  function serially<T>(step: () => Promise<T>): Promise<T> {
    const next = work.then(step)
    work = next.catch(() => undefined)
    return next
  }

  function enqueue(entry: Entry): void {
    const queue = queues.get(entry.key)
    order.add(entry)
    if (queue !== undefined) return void queue.push(entry)
    queues.set(entry.key, [entry])
    for (const listener of listeners) listener(entry.key)
  }

  async function load(): Promise<void> {
    const names = (await readdir(folder)).filter((name) => name.endsWith(extension)).sort()
    for (const name of names) {
      sequence = Math.max(sequence, Number.parseInt(name, 10) || 0)
      const { segment, frames, damagedBytes, tornBytes } = await openSegment(join(folder, name))
      segments.add(segment)
      bytes += segment.size
      let lost = 0
      for (const { offset, payload } of frames) {
        const item = unpack(seal.open(payload))
        if (item !== undefined) enqueue({ key: item.key, at: item.at, segment, offset })
        else lost += 1
      }
      segment.live -= lost
      if (lost > 0) segment.damaged()
      const told = { file: name, waiting: segment.live, tornBytes, damagedBytes, cannotBeOpened: lost }
      if (damagedBytes > 0 || lost > 0) log.error(told, 'spool.damaged: the file is kept aside when it is worked off')
      else log.info(told, 'spool.found')
      await recycle(segment)
    }
  }

  async function recycle(segment: Segment): Promise<void> {
    if (segment.live > 0 || !segments.has(segment)) return
    if (segment === active) {
      if (segment.size < recycledBytes) return
      active = undefined
    }
    segments.delete(segment)
    bytes -= segment.size
    await segment.remove()
  }

  async function write(): Promise<void> {
    const batch = waiting
    waiting = []
    if (batch.length === 0) return
    try {
      active ??= await newSegment()
      const segment = active
      let offset = await segment.append(batch.map((item) => item.frame))
      segment.live += batch.length
      for (const { key, at, frame, settle } of batch) {
        enqueue({ key, at, segment, offset })
        offset += frame.length
        settle.resolve()
      }
      if (segment.size >= segmentBytes) await retire(segment)
    } catch (error) {
      // What of it reached the disk nobody knows: it stays where it is, and nothing is written behind it.
      for (const item of batch) bytes -= item.frame.length
      for (const item of batch) item.settle.reject(error)
      if (active !== undefined) await retire(active)
    }
  }

  async function retire(segment: Segment): Promise<void> {
    active = undefined
    await segment.finish().catch((error: unknown) => log.warn({ err: error }, 'spool.finish-failed'))
    await recycle(segment)
  }

  async function newSegment(): Promise<Segment> {
    sequence += 1
    const segment = await createSegment(join(folder, `${String(sequence).padStart(12, '0')}${extension}`))
    segments.add(segment)
    return segment
  }

  try {
    await load()
  } catch (error) {
    await unlock()
    throw error
  }

  return {
    append(key, body) {
      const at = now()
      const framed = frame(seal.seal(pack(key, at, body)))
      if (bytes + framed.length > maxBytes) {
        return Promise.reject(new SpoolFull(`the spool may hold ${maxBytes} bytes and has ${bytes}`))
      }
      bytes += framed.length
      const settle = Promise.withResolvers<void>()
      waiting.push({ key, at, frame: framed, settle })
      if (waiting.length === 1) void serially(write)
      return settle.promise
    },
    holds: (key) => queues.has(key),
    head: (key) => queues.get(key)?.[0],
    keys: () => queues.keys(),
    onWaiting(listener) {
      listeners.push(listener)
    },
    async read({ segment, offset }) {
      const payload = await segment.read(offset)
      return payload && unpack(seal.open(payload))?.body
    },
    async done(entry, lost = false) {
      const { key, segment, offset } = entry
      const queue = queues.get(key)
      if (!order.delete(entry)) return
      if (queue?.[0] === entry) queue.shift()
      else if (queue !== undefined)
        queues.set(
          key,
          queue.filter((other) => other !== entry),
        )
      if (queues.get(key)?.length === 0) queues.delete(key)
      if (lost) segment.damaged()
      await serially(async () => {
        try {
          if (!lost) await segment.mark(offset)
        } catch (error) {
          log.warn({ reason: errorText(error) }, 'spool.mark-failed: it will be worked off again after a restart')
        }
        segment.live -= 1
        await recycle(segment)
      }).catch((error: unknown) => log.warn({ reason: errorText(error) }, 'spool.not-removed'))
    },
    get depth() {
      return order.size
    },
    get bytes() {
      return bytes
    },
    get oldest() {
      for (const { at } of order) return at
      return undefined
    },
    async close() {
      await serially(async () => {
        await write()
        for (const segment of segments) await (segment.live === 0 ? segment.remove() : segment.close())
      })
      await unlock()
    },
  }
}

/** Key and time before the body, so that a spool that is opened again needs to know nothing of what it holds. */
function pack(key: string, at: number, body: Buffer): Buffer {
  const name = Buffer.from(key)
  const head = Buffer.alloc(12)
  head.writeDoubleLE(at, 0)
  head.writeUInt32LE(name.length, 8)
  return Buffer.concat([head, name, body])
}

function unpack(packed: Buffer | undefined): { key: string; at: number; body: Buffer } | undefined {
  if (packed === undefined || packed.length < 12) return undefined
  const bodyAt = 12 + packed.readUInt32LE(8)
  return { at: packed.readDoubleLE(0), key: packed.toString('utf8', 12, bodyAt), body: packed.subarray(bodyAt) }
}
