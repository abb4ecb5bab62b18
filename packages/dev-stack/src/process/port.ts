import { randomInt } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import getPort from 'get-port'

/**
 * Below the range from which systems take the local end of outgoing connections (from 32768 on Linux, 49152 on macOS).
 * In that range a client that keeps trying to reconnect to a server which is down can be given the server's own port,
 * connect to itself, and so keep the server from ever coming back.
 */
const lowest = 20_000
const highest = 32_000

function* candidates(): Generator<number> {
  for (let tries = 0; tries < 200; tries++) yield randomInt(lowest, highest)
}

/** A free port on 127.0.0.1, the one that `name` had last time if it can be had: addresses people noted stay right. */
export async function pickPort(stateDir: string, name: string): Promise<number> {
  const file = join(stateDir, 'ports', name)
  const former = Number(await readFile(file, 'utf8').catch(() => '0'))
  if (former > 0 && (await isFree(former))) return former
  const port = await getPort({ host: '127.0.0.1', port: candidates() })
  await mkdir(join(stateDir, 'ports'), { recursive: true })
  await writeFile(file, String(port))
  return port
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: '127.0.0.1', port }, () => server.close(() => resolve(true)))
  })

/** Whether something accepts TCP connections there within `withinMs`. */
export const accepts = (host: string, port: number, withinMs = 1_000): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port })
    const answer = (yes: boolean) => {
      socket.destroy()
      resolve(yes)
    }
    socket.setTimeout(withinMs, () => answer(false))
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
  })
