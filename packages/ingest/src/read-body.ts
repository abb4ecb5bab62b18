import type { IncomingMessage } from 'node:http'
import { createBodyPieces, giveBack } from './body-pieces.ts'

export type Body =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  /** Larger than allowed, or more than there is room for; what was read of it is let go. */
  | { readonly kind: 'too-large' | 'no-room' }
  /** The sender went away, or was too slow, before the end. */
  | { readonly kind: 'broken-off' }

/** Whether there is room for so many more bytes. Keeps `giveWay`, for when others need the room later. */
export type HasRoom = (bytes: number, giveWay: () => void) => boolean

/**
 * The exact bytes of a request, as they came: signatures are made over these. At most `maxBytes` are ever held, only
 * while `hasRoom` agrees to each piece, and no longer than until it asks to give way.
 */
export function readBody(request: IncomingMessage, maxBytes: number, hasRoom: HasRoom): Promise<Body> {
  return new Promise((resolve) => {
    const pieces = createBodyPieces()
    const end = (body: Body) => {
      request.off('data', take)
      pieces.letGo()
      resolve(body)
    }
    const giveWay = () => end({ kind: 'no-room' })
    const take = (chunk: Buffer) => {
      if (pieces.size + chunk.length > maxBytes) return end({ kind: 'too-large' })
      if (!hasRoom(chunk.length, giveWay)) return giveWay()
      pieces.add(chunk)
    }
    request.on('data', take)
    request.once('end', () => end({ kind: 'whole', bytes: pieces.whole() }))
    request.once('close', () => end({ kind: 'broken-off' }))
    request.once('error', () => end({ kind: 'broken-off' }))
  })
}

/** The length a request claims; 0 when it claims none. */
export function claimedLength(request: IncomingMessage): number {
  const length = Number(request.headers['content-length'])
  return Number.isSafeInteger(length) ? length : 0
}

/**
 * Lets go what a sender still sends after it was answered. Closing at once would reset the connection, and the sender
 * might lose the answer; reading on without a bound would let it send for ever.
 */
export function discardBody(request: IncomingMessage, atMost: number): void {
  let left = atMost
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length
    giveBack(chunk)
    if (left < 0) request.destroy()
  })
  request.on('error', () => undefined)
  request.resume()
}
