import { crc32 } from 'node:zlib'

/** Begins every frame, so that reading finds its feet again behind damage. */
const magic = Buffer.from('VSP1')
/** Magic, length of the payload, checksum over that length and the payload; both numbers unsigned, little-endian. */
export const frameHeaderBytes = 12
/** No frame is larger; a length beyond it is damage. */
export const maxPayloadBytes = 32 * 1024 * 1024

/** Bytes as they stand in a segment file. Throws RangeError for more than a frame holds. */
export function frame(payload: Buffer): Buffer {
  if (payload.length > maxPayloadBytes) throw new RangeError(`${payload.length} bytes are more than a frame holds`)
  const header = Buffer.alloc(frameHeaderBytes)
  magic.copy(header)
  header.writeUInt32LE(payload.length, 4)
  header.writeUInt32LE(checksum(header, payload), 8)
  return Buffer.concat([header, payload])
}

export type Frame = {
  /** Where the frame begins in the file. */
  readonly offset: number
  readonly payload: Buffer
}

export type Frames = {
  readonly frames: readonly Frame[]
  /** Bytes between whole frames that are none: bits have changed on the disk. */
  readonly damagedBytes: number
  /** Bytes behind the last whole frame: a write that a crash cut off, and that nobody was told of. */
  readonly tornBytes: number
}

/** Every whole frame of a segment file, whatever lies between and behind them. */
export function readFrames(file: Buffer): Frames {
  const frames: Frame[] = []
  let damagedBytes = 0
  let wholeUntil = 0
  for (let at = file.indexOf(magic); at >= 0; ) {
    const payload = payloadAt(file, at)
    if (payload !== undefined) {
      frames.push({ offset: at, payload })
      damagedBytes += at - wholeUntil
      wholeUntil = at + frameHeaderBytes + payload.length
    }
    at = file.indexOf(magic, payload === undefined ? at + 1 : wholeUntil)
  }
  return { frames, damagedBytes, tornBytes: file.length - wholeUntil }
}

/** The payload of the frame that begins there; undefined where no whole frame does. */
export function payloadAt(file: Buffer, offset: number): Buffer | undefined {
  const header = file.subarray(offset, offset + frameHeaderBytes)
  if (header.length < frameHeaderBytes || !header.subarray(0, magic.length).equals(magic)) return undefined
  const length = header.readUInt32LE(4)
  const payload = file.subarray(offset + frameHeaderBytes, offset + frameHeaderBytes + length)
  if (length > maxPayloadBytes || payload.length < length) return undefined
  return header.readUInt32LE(8) === checksum(header, payload) ? payload : undefined
}

const checksum = (header: Buffer, payload: Buffer): number => crc32(payload, crc32(header.subarray(4, 8)))
