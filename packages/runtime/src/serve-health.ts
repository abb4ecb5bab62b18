import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Health } from './health.ts'

export type HealthServer = { readonly url: string; close(): Promise<void> }

/**
 * Serves `/healthz`, `/readyz` and `/metrics`, and hands every other request to `app` (an express app, for one) where
 * there is one. Resolves when it listens; rejects when the address is taken. `url` has no trailing slash. `close` does not wait for idle keep-alive connections.
 */
export async function serveHealth(options: {
  readonly health: Health
  readonly port: number
  readonly host: string
  readonly app?: RequestListener
}): Promise<HealthServer> {
  const { app, health } = options
  const server = createServer((request, response) =>
    health.handler(request, response, app && (() => app(request, response))),
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    url: urlOf(server.address()),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** The URL of a listening server, without trailing slash; wildcard addresses become the loopback one. */
export function urlOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  const wildcard = address.address === '0.0.0.0' || address.address === '::'
  const host = wildcard ? '127.0.0.1' : address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}
