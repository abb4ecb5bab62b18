import { type IncomingMessage, request } from 'node:http'
import { Readable } from 'node:stream'

export type Request = {
  method?: string
  headers: Readonly<Record<string, string>>
  /** Pieces go out as they are asked for, without a claimed length. */
  body: Buffer | Iterable<Buffer>
}

export type Answer = { status: number; retryAfter: string | undefined; text: string } | { closed: string }

/** Longest wait for an answer: twice what the server gives the slowest sender. */
const patienceMs = 30_000

/** Sends one request on a connection of its own. Resolves with the answer, also when it comes before the body is out. */
export function send(url: string, { method = 'POST', headers, body }: Request): Promise<Answer> {
  return new Promise((resolve) => {
    const outgoing = request(url, { method, headers: { ...headers, Connection: 'keep-alive' }, agent: false })
    outgoing.setTimeout(patienceMs, () => outgoing.destroy(new Error('no answer')))
    outgoing.on('error', (error: NodeJS.ErrnoException) => resolve({ closed: error.code ?? error.message }))
    outgoing.on('response', (incoming) => {
      textOf(incoming)
        .then(
          (text) => resolve({ status: incoming.statusCode ?? 0, retryAfter: incoming.headers['retry-after'], text }),
          (error: Error) => resolve({ closed: error.message }),
        )
        .finally(() => outgoing.destroy())
    })
    if (Buffer.isBuffer(body)) outgoing.end(body)
    else Readable.from(body).pipe(outgoing)
  })
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString()
}

/** An answer in few words: its status, and what it says beside it; positions in a document are left out. */
export function describe(answer: Answer): string {
  if ('closed' in answer) return `closed (${answer.closed})`
  const said = answer.text.startsWith('{') ? (JSON.parse(answer.text) as Said) : {}
  const more =
    said.error ??
    countsIn(said) ??
    (said.reasons && `kept: ${said.reasons.join('; ').replaceAll(/, at character \d+/g, '')}`)
  return `${answer.status}${more === undefined ? '' : ` ${more}`}`
}

type Said = {
  error?: string
  reasons?: string[]
  deliveries?: number
  duplicates?: number
  kept?: unknown
  refused?: number
}

/** Of a request with several deliveries in it. */
const countsIn = ({ deliveries, duplicates, kept, refused }: Said): string | undefined =>
  deliveries === undefined
    ? undefined
    : `${deliveries} deliveries: ${duplicates} duplicates, ${kept} kept; ${refused} refused`

/** `3 × 401 bad signature, 1 × 429 overloaded`, the most frequent first. */
export function tally(words: readonly string[]): string {
  const counts = [...Map.groupBy(words, (word) => word)].map(([word, all]) => [word, all.length] as const)
  return counts
    .sort(([, one], [, other]) => other - one)
    .map(([word, count]) => `${count} × ${word}`)
    .join(', ')
}
