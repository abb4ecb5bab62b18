import { createHmac, randomUUID } from 'node:crypto'
import { serveWebhooks } from '@varai/ingest'
import type { PublishedRecord, RawRecord } from '@varai/kafka'
import { createHealth, createLog, createMetrics } from '@varai/runtime'
import type { HtmlStore, Store } from '@varai/runtime/stores'
import type { RecordName } from '@varai/schemas'
import { createHtmlApi, type HtmlApiOptions } from './html-api.ts'

export const store: HtmlStore = {
  ...{ merchantId: 'm1', platform: 'html', id: 'atelier', currency: 'EUR', publishableKey: 'pk_atelier' },
  allowedOrigins: ['https://atelier.example'],
  webhookSecrets: { current: 'new', previous: 'old' },
}
export const otherStore: HtmlStore = {
  ...{ merchantId: 'm2', platform: 'html', id: 'other', currency: 'USD', publishableKey: 'pk_other' },
  allowedOrigins: ['https://other.example'],
  credentials: { secretKey: 'sk_other' },
}

/** The headers that a server of the store sends with these bytes. */
export function signed(
  body: string,
  { key = store.id, secret = 'new', at = Date.now() }: { key?: string; secret?: string; at?: number } = {},
): Record<string, string> {
  const timestamp = String(Math.floor(at / 1_000))
  const hex = createHmac('sha256', secret).update(`v1:${key}:${timestamp}:${body}`).digest('hex')
  return {
    ...{ 'content-type': 'application/json', 'x-varai-key': key },
    ...{ 'x-varai-timestamp': timestamp, 'x-varai-signature': `v1=${hex}` },
  }
}

/** An event that can be taken, with changes. */
export const event = (changes: Readonly<Record<string, unknown>> = {}) => ({
  ...{ id: randomUUID(), event: 'product_viewed', occurredAt: new Date().toISOString(), sessionId: 's-1' },
  ...{ data: { productId: 'p-1' }, ...changes },
})

/** The API on a free port with everything but HTTP in memory. The vault's seal is a prefix. */
export async function startApi(options: Partial<Pick<HtmlApiOptions, 'limits' | 'now' | 'trustedProxies'>> = {}) {
  const published: PublishedRecord<RecordName>[] = []
  const raw: RawRecord[] = []
  const remembered = new Map<string, string>()
  const lines: string[] = []
  const control = {
    /** What a publish waits for, and whether it rejects. */
    publishing: async (_: PublishedRecord<RecordName>): Promise<void> => undefined,
    addressWaits: 0,
    keyWaits: 0,
    stores: [store, otherStore] as readonly Store[],
  }
  const metrics = createMetrics('ingest-html')
  const asked: { address: string[]; key: [string, number][] } = { address: [], key: [] }
  const handler = createHtmlApi({
    ...{ service: 'ingest-html', metrics, ...options },
    stores: () => control.stores,
    log: createLog({ service: 'ingest-html', level: 'debug', destination: { write: (line) => void lines.push(line) } }),
    health: createHealth({ metrics, checks: { test: () => undefined } }),
    publisher: {
      async publish<N extends RecordName>(record: PublishedRecord<N>) {
        await control.publishing(record)
        published.push(record)
      },
      publishRaw: async (record) => void raw.push(record),
    },
    vault: {
      sealRaw: async (_, bytes) =>
        Buffer.concat([Buffer.from('sealed:'), Buffer.from(bytes).map((byte) => byte ^ 0x55)]),
      setAside: async () => 'payload:1',
      subjectRef: async (_, subject) => `sub_${subject.is}_${'id' in subject ? subject.id : 'hash'}`,
    },
    seen: {
      recall: async (id) => remembered.get(id),
      remember: async (id, text = '1') => void remembered.set(id, text),
    },
    limiter: {
      async address(address) {
        asked.address.push(address)
        return control.addressWaits
      },
      async key(storeId, events) {
        asked.key.push([storeId, events])
        return control.keyWaits
      },
    },
  })
  const server = await serveWebhooks({ handler, host: '127.0.0.1', port: 0 })
  return {
    ...{ published, raw, remembered, lines, control, asked, metrics, url: server.url },
    close: () => server.close(),
    request: async (path: string, init: RequestInit = {}) => answered(await fetch(server.url + path, init)),
    /** Sends events as a server of the store does. */
    async send(events: readonly unknown[], headers: Record<string, string> = {}) {
      const body = JSON.stringify({ events })
      const init = { method: 'POST', headers: { ...signed(body), ...headers }, body }
      return answered(await fetch(`${server.url}/api/v1/events`, init))
    },
    /** Sends events as `sendBeacon` does. */
    async beacon(
      events: readonly unknown[],
      {
        sentAt = new Date().toISOString(),
        origin = 'https://atelier.example',
        key = 'pk_atelier' as string | null,
      } = {},
    ) {
      const body = JSON.stringify({ ...(key !== null && { key }), sentAt, events })
      const headers = { origin, 'content-type': 'text/plain;charset=UTF-8' }
      return answered(await fetch(`${server.url}/collect`, { method: 'POST', headers, body }))
    },
  }
}

async function answered(response: Response) {
  const text = await response.text()
  const body: unknown = text.startsWith('{') ? JSON.parse(text) : text
  return { status: response.status, headers: Object.fromEntries(response.headers), body }
}
