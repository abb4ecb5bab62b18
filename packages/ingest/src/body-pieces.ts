/** What has come of one body so far. */
export type BodyPieces = {
  readonly size: number
  /** Takes the chunk over: nobody else may look at it any more. */
  add(chunk: Buffer): void
  /** All of it in one; what was taken over is let go. Call it once. */
  whole(): Buffer
  letGo(): void
}

/** Most bodies are smaller than this and come in one or two chunks. */
const smallBytes = 64 * 1024
const blockBytes = 256 * 1024

/**
 * A large body is copied into blocks as it comes, and its chunks are given back at once. Node reads every chunk into
 * memory of its own outside of the heap, where up to 100 MB of garbage lie before they are collected, and chunks that
 * wait for the end of a slow body leave that memory full of holes: resident memory would grow and not return.
 */
export function createBodyPieces(): BodyPieces {
  let chunks: Buffer[] = []
  let blocks: Buffer[] = []
  let size = 0

  function copy(chunk: Buffer): void {
    for (let copied = 0; copied < chunk.length; ) {
      const used = size % blockBytes
      if (used === 0) blocks.push(Buffer.allocUnsafeSlow(blockBytes))
      const taken = chunk.copy(blocks.at(-1) ?? chunk, used, copied)
      copied += taken
      size += taken
    }
    giveBack(chunk)
  }

  function letGo(): void {
    for (const piece of [...chunks, ...blocks]) giveBack(piece)
    chunks = []
    blocks = []
    size = 0
  }

  return {
    get size() {
      return size
    },
    add(chunk) {
      if (size + chunk.length <= smallBytes) {
        chunks.push(chunk)
        size += chunk.length
        return
      }
      const waiting = chunks
      chunks = []
      if (waiting.length > 0) size = 0
      for (const small of waiting) copy(small)
      copy(chunk)
    },
    whole() {
      const bytes = Buffer.concat(blocks.length > 0 ? blocks : chunks, size)
      letGo()
      return bytes
    },
    letGo,
  }
}

/**
 * Gives memory back at once instead of when it is next collected; the bytes are gone. Does nothing to bytes that share
 * their memory with others.
 */
export function giveBack(bytes: Buffer): void {
  const { buffer } = bytes
  if (buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length) buffer.transfer(0)
}
