import { randomUUID } from 'node:crypto'
import type { PublishedRecord, RawRecord } from '@varai/kafka'
import { createHealth, createLog, createMetrics, type Metrics } from '@varai/runtime'
import type { Store } from '@varai/runtime/stores'
import type { RecordName } from '@varai/schemas'
import type { PrivacyRequest, Vault } from '@varai/vault'
import { createWebhookShell, type Door, type ShellOptions, serveWebhooks } from './index.ts'
import { header, read } from './pure/index.ts'

/** Says `good` in place of a signature; its documents are `{"id": …, "at": …, "note": …}`. */
export const plainDoor: Door = {
  platform: 'shopify',
  topics: new Set(['orders/create', 'redact', 'finished', 'edited']),
  records: ['OrderStated', 'PrivacyRequested', 'FetchRequested'],
  fetches: {
    topics: new Set(['edited']),
    translate(body, context) {
      const edited = read(body)
      if (context.store.apiAccess !== true) edited.fail('', 'nobody can ask the store')
      const ask = { entityType: 'order' as const, entityId: edited.id('id'), reason: 'delta' as const }
      return edited.result({ ...ask, platformAt: edited.optionalTime('at') })
    },
  },
  requests: {
    topics: new Set(['redact']),
    translate(body) {
      const asked = read(body)
      const id = asked.id('id')
      const facts = { customerId: id, email: asked.optionalText('email') }
      return asked.result({ kind: 'customer_redact', subject: { is: 'customer', id }, facts })
    },
  },
  claim(webhook) {
    const storeId = header(webhook, 'x-store')
    return storeId === undefined ? { ok: false, answer: 400, reason: 'X-Store is missing' } : { ok: true, storeId }
  },
  verify(webhook, secrets) {
    if (!secrets.includes(header(webhook, 'x-sign') ?? '')) return { ok: false, answer: 401, reason: 'bad signature' }
    const deliveryId = header(webhook, 'x-id')
    if (deliveryId === undefined) return { ok: false, answer: 400, reason: 'X-Id is missing' }
    return { ok: true, deliveryId, topic: header(webhook, 'x-topic') ?? 'orders/create' }
  },
  translate(body, { topic }) {
    if (topic === 'breaks') throw new Error('a mistake of ours')
    if (topic === 'finished') return { ok: true, value: [], leftOut: [], note: 'operation 7' }
    if (topic !== 'orders/create') return { ok: false, failures: [{ path: '', reason: 'unknown topic' }] }
    const order = read(body)
    const statement = {
      record: 'OrderStated' as const,
      eventName: 'order_created' as const,
      entityId: order.id('id'),
      platformAt: order.time('at'),
      facts: { note: order.optionalText('note') },
    }
    const payment = { ...statement, eventName: 'payment_completed' as const, identity: 'payment' as const }
    return order.result([statement, payment])
  },
}

const store: Store = {
  ...{
    merchantId: 'm1',
    platform: 'shopify',
    id: 'shop.example',
    currency: 'EUR',
    api: { url: 'https://shop.example' },
    credentials: { accessToken: 'shpat_1' },
  },
  webhookSecrets: { current: 'good', previous: 'old' },
}

/** A publisher that keeps what it is given, and does what the test says with it. */
export function keepingPublisher() {
  const published: PublishedRecord<RecordName>[] = []
  const raw: RawRecord[] = []
  let act: () => Promise<void> = async () => undefined
  return {
    published,
    raw,
    /** From now on: what a publish waits for, and whether it rejects. */
    acts(next: () => Promise<void>) {
      act = next
    },
    async publish<N extends RecordName>(record: PublishedRecord<N>) {
      await act()
      published.push(record)
    },
    async publishRaw(record: RawRecord) {
      await act()
      raw.push(record)
    },
  }
}

/** Ids in memory, as Redis would hold them. */
export function keepingSeen() {
  const ids = new Set<string>()
  return {
    ids,
    has: async (id: string) => ids.has(id),
    remember: async (id: string) => void ids.add(id),
    reachable: true,
    close: () => undefined,
  }
}

type VaultKept = {
  readonly payloads: Uint8Array[]
  readonly requests: Map<string, PrivacyRequest & { handedOverAt?: number }>
  /** What was done, in its order. */
  readonly steps: string[]
}

/** What the vault is asked beside sealing. */
function keepingVault({ payloads, requests, steps }: VaultKept): Pick<Vault, 'setAside' | 'subjectRef' | 'requests'> {
  return {
    async setAside(_, payload) {
      payloads.push(payload)
      return `payload:${payloads.length - 1}`
    },
    subjectRef: async (store, subject) =>
      `sub_${store.storeId}_${'id' in subject ? subject.id : 'email' in subject ? 'guest' : 'all'}`,
    requests: {
      async record(request) {
        steps.push(`record ${request.requestId}`)
        requests.set(request.requestId, requests.get(request.requestId) ?? request)
      },
      async handedOver(requestId, at) {
        steps.push(`handed over ${requestId}`)
        const request = requests.get(requestId)
        if (request !== undefined) requests.set(requestId, { ...request, handedOverAt: at })
      },
      confirmed: () => Promise.reject(new Error('nobody confirms what was only just asked')),
    },
  }
}

export type TestShell = Awaited<ReturnType<typeof startShell>>

/** A shell on a free port with everything but HTTP in memory. The vault's seal is a prefix. */
export async function startShell(
  options: Partial<Pick<ShellOptions, 'limits' | 'now' | 'door' | 'path' | 'spool' | 'lookUp'>> = {},
) {
  const publisher = keepingPublisher()
  const seen = keepingSeen()
  const metrics: Metrics = createMetrics('ingest-test')
  const lines: string[] = []
  const log = createLog({
    service: 'ingest-test',
    level: 'debug',
    destination: { write: (line) => void lines.push(line) },
  })
  const sealing = { away: false }
  const vault: VaultKept = { payloads: [], requests: new Map(), steps: [] }
  const handler = createWebhookShell({
    ...{ door: plainDoor, path: '/hook', service: 'ingest-test', publisher, seen, metrics, log, ...options },
    stores: { find: (id) => (id === store.id ? store : undefined) },
    health: createHealth({ metrics, checks: { test: () => undefined } }),
    vault: {
      async sealRaw(_, bytes) {
        if (sealing.away) throw new Error('no key')
        return Buffer.concat([Buffer.from('sealed:'), bytes])
      },
      ...keepingVault(vault),
    },
  })
  const server = await serveWebhooks({ handler, host: '127.0.0.1', port: 0 })
  const headers = (changes: Record<string, string> = {}) => ({
    ...{ 'x-store': store.id, 'x-sign': 'good', 'x-id': randomUUID(), 'content-type': 'application/json', ...changes },
  })
  return {
    ...{ publisher, seen, metrics, lines, sealing, vault, headers, url: `${server.url}/hook`, origin: server.url },
    close: () => server.close(),
    post: async (body: string | Buffer, changes: Record<string, string> = {}) =>
      answered(await fetch(`${server.url}/hook`, { method: 'POST', headers: headers(changes), body })),
    request: async (path: string, init: RequestInit = {}) => answered(await fetch(server.url + path, init)),
  }
}

async function answered(response: Response) {
  const text = await response.text()
  const body: unknown = text.startsWith('{') ? JSON.parse(text) : text
  return { status: response.status, headers: Object.fromEntries(response.headers), body }
}
