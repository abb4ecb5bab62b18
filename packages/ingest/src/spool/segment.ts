import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { doneMark, readDoneMarks, wholeMarks } from './done-marks.ts'
import { type Frame, frameHeaderBytes, payloadAt, readFrames } from './frames.ts'

/** One file of frames, and beside it the marks of those that are worked off. */
export type Segment = {
  readonly path: string
  /** Bytes of whole frames. */
  readonly size: number
  /** Frames that are not worked off. */
  live: number
  /** No frame will be added any more. */
  readonly closed: boolean
  /** Resolves with where the first frame begins when all of them are on the disk itself. After a rejection: finish it. */
  append(frames: readonly Buffer[]): Promise<number>
  /** Undefined when the disk does not give back what was written. */
  read(offset: number): Promise<Buffer | undefined>
  /** Not forced to the disk: a mark that is lost makes a delivery be worked off again. */
  mark(offset: number): Promise<void>
  /** Keeps a copy when the segment is removed: something in it could not be read. */
  damaged(): void
  /** Adds no more. */
  finish(): Promise<void>
  /** Lets go of the files, which stay. */
  close(): Promise<void>
  remove(): Promise<void>
}

const doneFile = (path: string): string => `${path}.done`

/** A new, empty segment, whose name outlives a crash. */
export async function createSegment(path: string): Promise<Segment> {
  const file = await open(path, 'wx+', 0o600)
  await syncFolder(dirname(path))
  return segmentOf(path, file, 0, 0)
}

/** Forces the names in a folder to the disk. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  await folder.sync().finally(() => folder.close())
}

export type OpenedSegment = {
  readonly segment: Segment
  /** Frames that are not worked off, in the order in which they were written. */
  readonly frames: readonly Frame[]
  readonly damagedBytes: number
  readonly tornBytes: number
}

/** A segment that an earlier process left. Nothing is added to it: behind a torn frame there may be anything. */
export async function openSegment(path: string): Promise<OpenedSegment> {
  const [bytes, marks] = await Promise.all([readFile(path), readFile(doneFile(path)).catch(() => Buffer.alloc(0))])
  const done = readDoneMarks(marks)
  const { frames, damagedBytes, tornBytes } = readFrames(bytes)
  const live = frames.filter(({ offset }) => !done.has(offset))
  const segment = segmentOf(path, undefined, bytes.length, wholeMarks(marks.length))
  segment.live = live.length
  if (damagedBytes > 0) segment.damaged()
  return { segment, frames: live, damagedBytes, tornBytes }
}

function segmentOf(path: string, appending: FileHandle | undefined, bytes: number, markBytes: number): Segment {
  let size = bytes
  let marked = markBytes
  let writing = appending
  let reading: Promise<FileHandle> | undefined
  let marking: Promise<FileHandle> | undefined
  let keepsCopy = false

  async function closeHandles(): Promise<void> {
    const handles = await Promise.all([writing, reading, marking])
    writing = reading = marking = undefined
    await Promise.all(handles.map((handle) => handle?.close()))
  }

  return {
    path,
    get size() {
      return size
    },
    live: 0,
    get closed() {
      return writing === undefined
    },
    async append(frames) {
      if (writing === undefined) throw new Error(`${path} takes no more frames`)
      const whole = Buffer.concat(frames)
      const begin = size
      for (let written = 0; written < whole.length; ) {
        const { bytesWritten } = await writing.write(whole, written, whole.length - written, begin + written)
        written += bytesWritten
      }
      await writing.datasync()
      size += whole.length
      return begin
    },
    async read(offset) {
      reading ??= open(path, 'r')
      const file = await reading
      const header = Buffer.alloc(frameHeaderBytes)
      await file.read(header, 0, header.length, offset)
      // A damaged length must not make us ask for memory that the file cannot fill.
      const length = Math.min(header.readUInt32LE(4), Math.max(0, size - offset - frameHeaderBytes))
      const whole = Buffer.alloc(frameHeaderBytes + length)
      await file.read(whole, 0, whole.length, offset)
      return payloadAt(whole, 0)
    },
    async mark(offset) {
      marking ??= open(doneFile(path), markBytes === 0 ? 'w' : 'r+', 0o600)
      const at = marked
      marked += doneMark(offset).length
      await (await marking).write(doneMark(offset), 0, undefined, at)
    },
    damaged() {
      keepsCopy = true
    },
    async finish() {
      const file = writing
      writing = undefined
      await file?.close()
    },
    close: closeHandles,
    async remove() {
      await closeHandles()
      if (keepsCopy) await rename(path, `${path}.damaged`)
      else await rm(path, { force: true })
      await rm(doneFile(path), { force: true })
    },
  }
}
