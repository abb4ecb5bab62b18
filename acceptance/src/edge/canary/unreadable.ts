import { contactMarker, faceMarker, htmlHeaders, type Sendable, signedWooRequest } from '@varai/simulator'
import { fromSomewhere } from '../open-edge.ts'
import { stores } from '../stores.ts'

/** What nobody can read, with raw face data in it; how it is answered, and whether it is kept. */
export type Unreadable = Sendable & {
  readonly door: 'server' | 'page' | 'woo'
  readonly wanted: number
  readonly kept: boolean
}

const face = { landmarks: [faceMarker], image: faceMarker, said: `${contactMarker}@example.com` }
const half = (text: string): Buffer => Buffer.from(text.slice(0, -7))
const session = (number: number) => ({ sessionId: `unreadable-${number}`, consentLevel: 'research', ...face })

/** Bodies that are cut off, of another shape, or about nothing that we know; of every kind so many. */
export function unreadables(each: number): Unreadable[] {
  return Array.from({ length: each }, (_, number) => kinds(number)).flat()
}

function kinds(number: number): Unreadable[] {
  const event = {
    id: `unreadable-${number}`,
    event: 'face_analysis_completed',
    occurredAt: 'today',
    ...session(number),
  }
  const batch = JSON.stringify({ events: [{ ...event, data: { analysis: face } }] })
  const woo = JSON.stringify({ id: `unreadable-${number}`, faceAnalysis: { ...session(number), analysis: 'oval' } })
  return [
    { ...server(batch), wanted: 200, kept: true },
    { ...server(half(batch)), wanted: 400, kept: true },
    { ...server(JSON.stringify({ number, batch: face })), wanted: 400, kept: true },
    { ...page(`{"sentAt":"${new Date().toISOString()}",${batch.slice(1)}`), wanted: 400, kept: false },
    { ...page(half(batch)), wanted: 400, kept: false },
    { ...wooed(`a-${number}`, 'varai_face_analysis.completed', woo), wanted: 200, kept: true },
    { ...wooed(`b-${number}`, 'varai_face_analysis.completed', half(woo)), wanted: 200, kept: true },
    { ...wooed(`c-${number}`, 'varai_mirror.looked', woo), wanted: 200, kept: true },
  ]
}

function server(text: string | Buffer) {
  const body = Buffer.from(text)
  const { storeId, secret } = stores.canary
  return {
    ...{ door: 'server' as const, body },
    get headers() {
      return htmlHeaders(body, { storeId, secret, at: Date.now() })
    },
  }
}

const page = (text: string | Buffer) => ({
  ...{ door: 'page' as const, body: Buffer.from(text) },
  headers: { 'content-type': 'text/plain', origin: stores.canary.origin, ...fromSomewhere() },
})

function wooed(deliveryId: string, topic: string, text: string | Buffer) {
  const { storeId, secret } = stores.wooCanary
  const parts = { storeId, secret, topic, webhookId: '9', deliveryId: `unreadable-${deliveryId}` }
  return { door: 'woo' as const, ...signedWooRequest(text, parts) }
}
