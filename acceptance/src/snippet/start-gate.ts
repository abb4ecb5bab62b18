import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'

/** A batch as a page sent it. */
export type Post = {
  readonly at: number
  readonly origin: string | undefined
  readonly cookie: string | undefined
  readonly body: string
  readonly events: readonly { readonly id: string; readonly event: string; readonly sessionId: string }[]
  /** What it was answered; undefined while it was not. */
  status: number | undefined
}

type Refusal = { readonly status: number; readonly retryAfter?: number }

/** Stands before the collector: sees all that pages send, and holds or refuses it when told. */
export async function startGate(collector: () => string) {
  const posts: Post[] = []
  let refusal: Refusal | undefined
  let held: Promise<void> | undefined
  let open: (() => void) | undefined
  let underWay = 0
  let mostAtOnce = 0

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const post = request.method === 'POST' ? postOf(request, body.toString()) : undefined
    if (post !== undefined) {
      posts.push(post)
      underWay += 1
      mostAtOnce = Math.max(mostAtOnce, underWay)
    }
    if (post !== undefined && refusal !== undefined) {
      const { status, retryAfter = 0 } = refusal
      response.writeHead(status, {
        ...{ 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' },
        ...(retryAfter > 0 && { 'retry-after': String(retryAfter) }),
      })
      response.end('{}')
      post.status = status
    } else {
      const { method, headers, url = '/' } = request
      const onward = send(collector() + url, { method, headers })
      onward.end(body)
      const [answer]: IncomingMessage[] = await once(onward, 'response')
      if (answer === undefined) throw new Error('no answer')
      // The collector has it; the page does not know yet.
      if (post !== undefined) await held
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
      if (post !== undefined) post.status = answer.statusCode
    }
    if (post !== undefined) underWay -= 1
  }

  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the gate has no port')

  return {
    url: `http://127.0.0.1:${address.port}`,
    posts,
    eventIds: () => posts.flatMap(({ events }) => events.map(({ id }) => id)),
    mostAtOnce: () => mostAtOnce,
    refuse(next: Refusal | undefined) {
      refusal = next
    },
    /** What the collector answers is kept back until `release`. */
    hold() {
      held = new Promise((resolve) => {
        open = resolve
      })
    },
    release() {
      open?.()
      held = undefined
    },
    /** As new, for the next test. */
    reset() {
      this.release()
      posts.length = 0
      refusal = undefined
      mostAtOnce = 0
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function postOf({ headers }: IncomingMessage, body: string): Post {
  const { events }: Pick<Post, 'events'> = JSON.parse(body)
  return { at: Date.now(), origin: headers.origin, cookie: headers.cookie, body, events, status: undefined }
}
