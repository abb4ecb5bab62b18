// Brillo's service with one fault behind each of its paths, so that the suite can be seen to find each of them.
import { randomUUID } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { createWebhookShell, type Door, type ShellOptions } from '@varai/ingest'
import type { Statement } from '@varai/ingest/pure'
import { runService } from '@varai/runtime'
import { startBrillo } from './start-brillo.ts'
import { type Fault, faults, pathOf } from './test-faults.ts'

runService({
  name: 'ingest-brillo',
  start: (lifecycle) =>
    startBrillo(lifecycle, (options) => {
      const handlers = new Map(
        faults.map((fault): [string, RequestListener] => [
          pathOf(fault),
          createWebhookShell({ ...options, path: pathOf(fault), ...faulty(fault, options) }),
        ]),
      )
      const sound = createWebhookShell(options)
      return (request, response) => (handlers.get(request.url ?? '') ?? sound)(request, response)
    }),
})

function faulty(fault: Fault, { door, publisher, vault, stores, seen, log }: ShellOptions): Partial<ShellOptions> {
  const changed = (change: Partial<Door>) => ({ door: { ...door, ...change } })
  switch (fault) {
    case 'checks-no-signature':
      return changed({
        verify: ({ headers }) => ({
          ...{ ok: true, deliveryId: headers['x-brillo-delivery'] ?? 'x', topic: headers['x-brillo-event'] ?? 'x' },
        }),
      })
    case 'takes-any-secret-of-ours': {
      const all = ['shop', 'another'].flatMap((id) => stores.find(id)?.webhookSecrets?.current ?? [])
      return changed({ verify: (webhook, _, store) => door.verify(webhook, all, store) })
    }
    case 'answers-before-kafka':
      return {
        publisher: {
          publish: async (record) => void publisher.publish(record).catch(() => undefined),
          publishRaw: (record) => publisher.publishRaw(record),
        },
      }
    case 'doubles-events':
      return {
        publisher: {
          publish: async (record) => void (await Promise.all([publisher.publish(record), publisher.publish(record)])),
          publishRaw: (record) => publisher.publishRaw(record),
        },
      }
    case 'makes-ids-anew':
      return changed({
        verify(webhook) {
          const topic = webhook.headers['x-brillo-event'] ?? ''
          return { ok: true, deliveryId: randomUUID(), topic }
        },
      })
    case 'logs-people':
      return changed({
        translate(body, context) {
          // The log drops what is called a body or an address; a name of one's own passes its net.
          log.info({ told: JSON.stringify(body) }, 'brillo.translated')
          return door.translate(body, context)
        },
      })
    case 'rounds-numbers':
      return changed({
        translate(body, context) {
          const translation = door.translate(body, context)
          return translation.ok ? { ...translation, value: translation.value.map(rounded) } : translation
        },
      })
    case 'drops-what-it-cannot-read':
      return { publisher: { publish: (record) => publisher.publish(record), publishRaw: async () => undefined } }
    case 'keeps-in-the-clear':
      return { vault: { ...vault, sealRaw: async (_, bytes) => Buffer.from(bytes) } }
    case 'fails-at-odd-documents':
      return changed({
        verify(webhook, secrets, store) {
          if (!/"number":\d+/.test(webhook.rawBody.toString())) throw new Error('odd')
          return door.verify(webhook, secrets, store)
        },
      })
    case 'takes-all-for-known':
      return { seen: { has: async () => true, remember: (id) => seen.remember(id) } }
    default:
      return fault satisfies never
  }
}

const rounded = (statement: Statement): Statement => ({ ...statement, entityId: String(Number(statement.entityId)) })
