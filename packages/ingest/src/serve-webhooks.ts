import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import { urlOf } from '@varai/runtime'

export type WebhookServer = {
  /** Without a trailing slash. */
  readonly url: string
  /** Takes no more requests, and resolves when those under way are answered. */
  close(): Promise<void>
}

/** How long a sender may take for its headers, and for everything; platforms give up after 5 to 60 s anyway. */
const headersTimeout = 5_000
const requestTimeout = 15_000
/** Longer than load balancers keep a connection idle (60 s), so that they never reuse one that is being closed. */
const keepAliveTimeout = 75_000

/**
 * Connections that wait to be accepted. Node's default of 511 is filled by 200 a second in the three seconds that a busy
 * machine may need to come back to this process, and whoever comes then is not turned away but left without any answer.
 */
const backlog = 4_096

/** Serves webhooks, with bounds on slow senders. Resolves when it listens; rejects when the address is taken. */
export async function serveWebhooks(options: {
  readonly handler: RequestListener
  readonly port: number
  readonly host: string
  /** Connections at once; more wait in the system's queue or are refused. */
  readonly maxConnections?: number
}): Promise<WebhookServer> {
  const underWay = new Set<ServerResponse>()
  let closing = false
  /** A connection would otherwise be kept alive after the answer, and the server would wait for it. */
  const lastOnItsConnection = (response: ServerResponse) => {
    if (!response.headersSent) response.setHeader('connection', 'close')
  }
  const server = createServer(
    { headersTimeout, requestTimeout, keepAliveTimeout, connectionsCheckingInterval: 1_000 },
    (request, response) => {
      underWay.add(response)
      response.once('close', () => {
        underWay.delete(response)
        // One whose headers had gone out before could not be told; it is idle once its answer is through.
        if (closing) setImmediate(() => server.closeIdleConnections())
      })
      // Its headers were still coming in when the server was closed.
      if (closing) lastOnItsConnection(response)
      options.handler(request, response)
    },
  )
  server.maxConnections = options.maxConnections ?? 10_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: options.port, host: options.host, backlog }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    url: urlOf(server.address()),
    close: () =>
      new Promise((resolve) => {
        closing = true
        server.close(() => resolve())
        for (const response of underWay) lastOnItsConnection(response)
        server.closeIdleConnections()
      }),
  }
}
