import { randomUUID } from 'node:crypto'
import type { Entity, Signer } from './facts.ts'

/** What stands in everything personal of the documents, in lower case. None of it may be found where it does not belong. */
export const canaries: readonly string[] = ['kanarivogel', '66055501742']

/** What each signer signs with. */
export const secrets: Readonly<Record<Signer, string>> = {
  current: 'conformance-current',
  previous: 'conformance-previous',
  'other store': 'conformance-other',
  stranger: 'conformance-stranger',
}

let made = 0

/** Another entity; its time is an hour ago. */
export function newEntity(): Entity {
  made += 1
  return {
    id: 9_007_199_254_740_993n + BigInt(made) * 2n,
    deliveryId: randomUUID(),
    at: Math.floor(Date.now() / 1_000 - 3_600) * 1_000,
    amount: '90071992547409.93',
    email: `kanarivogel+${made}@example.com`,
    phone: '+4366055501742',
    name: 'Kanarivogel',
  }
}
