import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { urlOf } from '@varai/runtime'

/** Adobe as far as its doors go: keys of its own, published on a server of ours, and events signed with them. */
export type TestAdobe = {
  readonly url: string
  /** Paths that were asked for, in their order. */
  readonly asked: string[]
  /** What the server answers in place of the key, from now on. */
  answer(way: 'keys' | 'garbage' | 'redirect' | 'error' | 'never' | 'endless'): void
  /** Headers of a request that Adobe signed. */
  headers(body: string | Buffer, changes?: Record<string, string>): Record<string, string>
  close(): Promise<void>
}

export const keyPathOf = (name: string): string => `/prod/keys/pub-key-${name}.pem`

export async function startTestAdobe(): Promise<TestAdobe> {
  const names = [randomUUID(), randomUUID()] as const
  const keys = names.map(() => generateKeyPairSync('rsa', { modulusLength: 2_048 }))
  const asked: string[] = []
  let way: Parameters<TestAdobe['answer']>[0] = 'keys'
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const key = keys[names.findIndex((name) => keyPathOf(name) === request.url)]
    const pem = key?.publicKey.export({ type: 'spki', format: 'pem' })
    if (way === 'never') return
    if (way === 'error') return response.writeHead(500).end('sorry')
    if (way === 'redirect') return response.writeHead(302, { location: '/elsewhere' }).end()
    if (way === 'garbage') return response.end('<html>soon back</html>')
    if (way === 'endless') return response.end(`${pem}${'\n'.repeat(100_000)}`)
    return pem === undefined ? response.writeHead(403).end() : response.end(pem)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const signed = (body: string | Buffer, key: KeyObject | undefined) =>
    key === undefined ? '' : sign('RSA-SHA256', Buffer.from(body), key).toString('base64')
  return {
    url: urlOf(server.address()),
    asked,
    answer: (next) => {
      way = next
    },
    headers: (body, changes = {}) => ({
      'content-type': 'application/json',
      'x-adobe-digital-signature-1': signed(body, keys[0]?.privateKey),
      'x-adobe-digital-signature-2': signed(body, keys[1]?.privateKey),
      'x-adobe-public-key1-path': keyPathOf(names[0]),
      'x-adobe-public-key2-path': keyPathOf(names[1]),
      ...changes,
    }),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A CloudEvent as Adobe wraps what a shop says. */
export const adobeEvent = (value: unknown, changes: Record<string, unknown> = {}) => ({
  ...{ specversion: '1.0', id: randomUUID(), source: 'urn:uuid:1', datacontenttype: 'application/json' },
  ...{ type: 'com.adobe.commerce.observer.sales_order_save_commit_after', time: new Date().toISOString() },
  ...{ event_id: randomUUID(), recipient_client_id: 'our-client', data: { key: randomUUID(), value, source: 'a.b' } },
  ...changes,
})
