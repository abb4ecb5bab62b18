import { randomUUID } from 'node:crypto'
import { type ModuleRequestParts, signedModuleRequest } from '@varai/simulator'
import type { Request } from '../../system/send.ts'
import { magentoOrder } from '../magento-order.ts'
import type { ShopsContext } from '../open-shops.ts'
import { magentoStores } from '../stores.ts'
import { type Attempt, answerTo, createOrderIds, withHeaders } from './attempt.ts'

const minute = 60_000
const stale = '401 signed too long ago, or ahead of time'
const bad = '401 bad signature'

/** At the door of our own module, which signs time, event and topic together with the body. */
export function forgedModule({ doors }: ShopsContext): readonly Attempt[] {
  const { besieged, other } = magentoStores
  const nextId = createOrderIds(770_000)

  const signedOrder = (id: number, changes: Partial<ModuleRequestParts> = {}) =>
    signedModuleRequest(JSON.stringify(magentoOrder(id)), {
      ...{ storeId: besieged.storeId, secret: besieged.secret, topic: 'order.saved' },
      ...{ eventId: randomUUID(), sentAt: Date.now(), ...changes },
    })

  function attempt(name: string, wanted: string, make: (id: number) => Request, admits = false): Attempt {
    const id = nextId()
    const run = () => answerTo(doors.module(), make(id))
    return { door: 'Magento module', name, wanted, names: [id], admits: admits ? [id] : [], run }
  }
  const changed = (name: string, headers: Readonly<Record<string, string | undefined>>, wanted = bad) =>
    attempt(name, wanted, (id) => withHeaders(signedOrder(id), headers))

  return [
    attempt('a genuine one, to compare', '200', (id) => signedOrder(id), true),
    attempt('signed 16 minutes ago', stale, (id) => signedOrder(id, { sentAt: Date.now() - 16 * minute })),
    attempt('signed 6 minutes ahead', stale, (id) => signedOrder(id, { sentAt: Date.now() + 6 * minute })),
    attempt('signed 16 minutes ago, with the time of now', bad, (id) =>
      withHeaders(signedOrder(id, { sentAt: Date.now() - 16 * minute }), {
        'x-varai-timestamp': String(Math.floor(Date.now() / 1_000)),
      }),
    ),
    attempt("signed with another store's secret", bad, (id) => signedOrder(id, { secret: other.secret })),
    changed('sent in the name of another store', { 'x-varai-store': other.storeId }),
    changed('in the name of a store that is not ours', { 'x-varai-store': 'nobody' }, '404 unknown store'),
    attempt('changed after it was signed', bad, (id) => {
      const body = Buffer.from(signedOrder(id).body.toString().replace('28.0000', '0.0100'))
      return { ...signedOrder(id), body }
    }),
    changed('under another topic', { 'x-varai-topic': 'order.deleted' }),
    changed('as another event', { 'x-varai-event-id': randomUUID() }),
    changed('no signature', { 'x-varai-signature': undefined }),
    attempt('a signature that does not say what it is', bad, (id) => {
      const signed = signedOrder(id)
      return withHeaders(signed, { 'x-varai-signature': signed.headers['x-varai-signature']?.replace('sha256=', '') })
    }),
    changed('no store', { 'x-varai-store': undefined }, '400 X-Varai-Store is missing'),
  ]
}
