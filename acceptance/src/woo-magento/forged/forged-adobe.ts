import { type AdobeKey, type AdobeKeyServer, adobeDelivery } from '@varai/simulator'
import type { Request } from '../../system/send.ts'
import { adobeEvent } from '../adobe-event.ts'
import { magentoOrder } from '../magento-order.ts'
import type { ShopsContext } from '../open-shops.ts'
import { magentoStores } from '../stores.ts'
import { type Attempt, answerTo, createOrderIds, withHeaders } from './attempt.ts'

type Keys = readonly [AdobeKey, AdobeKey]
/** Somebody who has keys of his own, and publishes them. */
export type Forger = { readonly keys: Keys; readonly server: AdobeKeyServer }

const bad = '401 bad signature'
const foreign = "401 not addressed to the store's Adobe client"

/** At the door of Adobe's events, where whoever sends them says where the key lies. */
export function forgedAdobe({ doors, adobe }: ShopsContext, forger: Forger): readonly Attempt[] {
  const { besieged, other } = magentoStores
  const nextId = createOrderIds(880_000)

  const orderEvent = (id: number, clientId = besieged.clientId) =>
    adobeEvent(clientId, 'sales_order_save_commit_after', { data: { value: magentoOrder(id) } })
  const signed = (id: number, keys: Keys = adobe.keys): Request => asRequest(adobeDelivery([orderEvent(id)], keys))

  function attempt(
    name: string,
    wanted: string,
    make: (id: number) => Request,
    of: Partial<Attempt> = {},
    to = doors.events(besieged.storeId),
  ): Attempt {
    const id = nextId()
    return { door: 'Adobe', name, wanted, names: [id], admits: [], run: () => answerTo(to, make(id)), ...of }
  }
  /** Signed with the forger's keys, which lie where the path leads whoever follows it. */
  const led = (path: string) =>
    attempt(`key at ${path.replaceAll(forgersHost, 'evil.example')}`, bad, (id) =>
      signed(id, both(forger.keys, { path })),
    )

  const forgersHost = new URL(forger.server.url).host
  const [forgersKey] = forger.keys
  const genuine = nextId()
  const either = nextId()
  const [first, second, third] = [nextId(), nextId(), nextId()]
  const batch = [
    orderEvent(first),
    adobeEvent(besieged.clientId, 'sales_order_save_commit_after', { data: { value: { status: 'pending' } } }),
    orderEvent(second, other.clientId),
    orderEvent(third),
  ]
  const several = { names: [first, second, third], admits: [first, third] }
  return [
    attempt('a genuine one, to compare', '200 1 deliveries: 0 duplicates, 0 kept; 0 refused', () => signed(genuine), {
      ...{ names: [genuine], admits: [genuine] },
    }),
    attempt('no signature', bad, (id) => ({ ...signed(id), headers: { 'content-type': 'application/json' } })),
    ...[
      `.${forgersHost}${forgersKey.path}`,
      `@${forgersHost}${forgersKey.path}`,
      `//${forgersHost}${forgersKey.path}`,
      `http://${forgersHost}${forgersKey.path}`,
      `/prod/keys/../..//${forgersHost}${forgersKey.path}`,
      `/prod/keys/../keys/${forgersKey.path.split('/').at(-1)}`,
      `/prod/keys/%2e%2e/keys/${forgersKey.path.split('/').at(-1)}`,
      `${forgersKey.path}?@${forgersHost}`,
      `${forgersKey.path}#@${forgersHost}`,
    ].map(led),
    led(forgersKey.path.replace(/.{4}\.pem$/, '0000.pem')),
    attempt("the forger's signature, the path of Adobe's key", bad, (id) =>
      signed(id, [
        { ...forger.keys[0], path: adobe.keys[0].path },
        { ...forger.keys[1], path: adobe.keys[1].path },
      ]),
    ),
    attempt(
      "one signature the forger's, the other Adobe's",
      '200 1 deliveries: 0 duplicates, 0 kept; 0 refused',
      () => signed(either, [forger.keys[0], adobe.keys[1]]),
      {
        ...{ names: [either], admits: [either] },
      },
    ),
    attempt('changed after it was signed', bad, (id) => ({
      ...signed(id),
      body: Buffer.from(JSON.stringify(orderEvent(id))),
    })),
    attempt("signed by Adobe for another store's client", foreign, (id) =>
      asRequest(adobeDelivery([orderEvent(id, other.clientId)], adobe.keys)),
    ),
    attempt("our event at another store's address", foreign, (id) => signed(id), {}, doors.events(other.storeId)),
    attempt(
      'at the address of a store that is not ours',
      '404 unknown store',
      (id) => signed(id),
      {},
      doors.events('nobody'),
    ),
    attempt(
      'unsigned, with a question',
      bad,
      (id) => withHeaders({ ...signed(id), headers: {} }, {}),
      {},
      `${doors.events(besieged.storeId)}?challenge=x`,
    ),
    attempt(
      'four at once: one without an id, one for another client',
      '200 3 deliveries: 0 duplicates, 1 kept; 1 refused',
      () => asRequest(adobeDelivery(batch, adobe.keys)),
      several,
    ),
    attempt(
      'the same four again',
      '200 3 deliveries: 3 duplicates, 0 kept; 1 refused',
      () => asRequest(adobeDelivery(batch, adobe.keys)),
      several,
    ),
  ]
}

const asRequest = ({ headers, body }: ReturnType<typeof adobeDelivery>): Request => ({
  headers,
  body: Buffer.from(body),
})

const both = ([one, two]: Keys, { path }: { path: string }): Keys => [
  { ...one, path },
  { ...two, path },
]
