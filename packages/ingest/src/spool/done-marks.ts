import { crc32 } from 'node:zlib'

const markBytes = 8

/** One worked-off frame: its offset and a checksum of it, both unsigned, little-endian. */
export function doneMark(offset: number): Buffer {
  const mark = Buffer.alloc(markBytes)
  mark.writeUInt32LE(offset, 0)
  mark.writeUInt32LE(crc32(mark.subarray(0, 4)), 4)
  return mark
}

/**
 * The offsets that a file of marks names. A mark that is damaged or cut off says nothing: its delivery is worked off
 * again, which does no harm.
 */
export function readDoneMarks(file: Buffer): ReadonlySet<number> {
  const offsets = new Set<number>()
  for (let at = 0; at + markBytes <= file.length; at += markBytes) {
    const mark = file.subarray(at, at + markBytes)
    if (mark.readUInt32LE(4) === crc32(mark.subarray(0, 4))) offsets.add(mark.readUInt32LE(0))
  }
  return offsets
}

/** How much of a file of marks is whole marks; further ones are written from there on. */
export const wholeMarks = (bytes: number): number => bytes - (bytes % markBytes)
