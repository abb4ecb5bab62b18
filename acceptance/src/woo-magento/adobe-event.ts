import { randomUUID } from 'node:crypto'
import type { AdobeEvent } from '@varai/simulator'

/** An event for a client of ours of what was observed in a shop; `given` is what it says beyond that, or otherwise. */
export function adobeEvent(clientId: string, observed: string, given: Partial<AdobeEvent> = {}): AdobeEvent {
  const id = randomUUID()
  return {
    ...{
      specversion: '1.0',
      datacontenttype: 'application/json',
      source: 'urn:uuid:fb58963f-d2e7-4ab4-83da-b6ff15b8ebc0',
    },
    time: new Date().toISOString(),
    ...given,
    type: `com.adobe.commerce.observer.${observed}`,
    ...{ id: randomUUID(), eventid: id, event_id: id },
    ...{ recipient_client_id: clientId, recipientclientid: clientId },
  }
}
