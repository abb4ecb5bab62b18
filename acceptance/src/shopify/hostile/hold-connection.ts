import { connect, type Socket } from 'node:net'

/** How a connection ended that the sender would have kept: with which status, if any, and after how many ms. */
export type Ended = { status: number | undefined; afterMs: number; byUs: boolean }

/**
 * Opens a connection, lets `speak` write to it as it likes (it returns how to stop) and resolves when the server has
 * ended it, or when the patience is over.
 */
export function holdConnection(url: string, speak: (socket: Socket) => () => void, patienceMs: number): Promise<Ended> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const began = performance.now()
    const socket = connect(Number(port), hostname)
    let heard = ''
    let byUs = false
    let stop = () => {}
    const impatience = setTimeout(() => {
      byUs = true
      socket.destroy()
    }, patienceMs)
    socket.on('connect', () => {
      stop = speak(socket)
    })
    socket.on('data', (bytes) => {
      if (heard.length < 200) heard += bytes.toString('latin1')
    })
    socket.on('error', () => undefined) // it is ended in the middle of what we say: that is the point
    socket.on('close', () => {
      stop()
      clearTimeout(impatience)
      const status = /^HTTP\/1\.1 (\d{3}) /.exec(heard)?.[1]
      resolve({
        status: status === undefined ? undefined : Number(status),
        afterMs: performance.now() - began,
        byUs,
      })
    })
  })
}

/** Says it, and nothing more. */
export const say =
  (text: string) =>
  (socket: Socket): (() => void) => {
    socket.write(text)
    return () => undefined
  }

/** Says `opening`, then one more `drop` every `everyMs`. */
export const trickle =
  (opening: string, drop: string, everyMs: number) =>
  (socket: Socket): (() => void) => {
    socket.write(opening)
    const timer = setInterval(() => socket.write(drop), everyMs)
    return () => clearInterval(timer)
  }

/** Writes the same piece again and again, as fast as it is taken. */
export const pour =
  (opening: string, piece: string) =>
  (socket: Socket): (() => void) => {
    let pouring = true
    const go = () => {
      while (pouring && !socket.destroyed && socket.write(piece));
    }
    socket.write(opening)
    socket.on('drain', go)
    go()
    return () => {
      pouring = false
    }
  }
