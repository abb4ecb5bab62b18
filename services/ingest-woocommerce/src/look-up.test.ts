import { createLog } from '@varai/runtime'
import type { StoreOf } from '@varai/runtime/stores'
import { expect, test } from 'vitest'
import { createLookUp } from './look-up.ts'
import type { EntityAnswer } from './rest-api/rest-api.ts'
import { bodyOf } from './test-statements.ts'

const log = createLog({ service: 'test', level: 'fatal', destination: { write: () => undefined } })
const store: StoreOf<'woocommerce'> = {
  ...{ platform: 'woocommerce', merchantId: 'm1', id: 'https://shop.example', currency: 'EUR' },
  ...{ api: { url: 'https://shop.example' }, credentials: { consumerKey: 'k', consumerSecret: 's' } },
}
const times = { answeredAt: 2_000_000_000_000, storeTime: 1_999_999_999_000, version: 'v1' }

async function lookUp(topic: string, body: string, answer: Partial<EntityAnswer> | undefined, known = store) {
  const asked: string[] = []
  const as = (entity: string) => async (_: unknown, id: string) => {
    asked.push(`${entity} ${id}`)
    return { ...times, ...answer } as EntityAnswer
  }
  const api = { getOrder: as('order'), getProduct: as('product'), getCustomer: as('customer') }
  const { merchantId, platform, id, currency } = store
  const facts = {
    store: { merchantId, platform, id, currency },
    deliveryId: 'd',
    origin: 'webhook',
    receivedAt: 1,
  } as const
  const look = createLookUp({ api, stores: { find: () => known }, log })
  return { asked, looked: await look({ topic, rawBody: Buffer.from(body), facts }) }
}

const order = (status: string) =>
  bodyOf({ id: 7, status, currency: 'EUR', total: '1', date_modified_gmt: '2026-11-01T09:00:00', date_paid_gmt: null })

test('a completed order is what the store says of it when it is asked', async () => {
  const body = '{"action":"woocommerce_order_status_completed","arg":7}'
  const { asked, looked } = await lookUp('action.woocommerce_order_status_completed', body, {
    ...{ kind: 'found', body: order('completed') },
  })
  expect(asked).toEqual(['order 7'])
  expect(looked).toMatchObject({
    ...{ kind: 'answered', answeredAt: times.answeredAt, version: 'v1' },
    translation: { ok: true, value: [{ eventName: 'order_completed', entityId: '7', facts: { status: 'completed' } }] },
  })
})

test('a deletion counts when the store does not know the entity, as of its answer by its own clock', async () => {
  const { looked } = await lookUp('customer.deleted', '{"id":7}', { kind: 'gone' })
  expect(looked).toMatchObject({
    version: `gone-${times.storeTime}`,
    translation: {
      value: [
        { eventName: 'customer_deleted', entityId: '7', platformAt: times.storeTime, facts: { confirmed: true } },
      ],
    },
  })
})

test('a deletion whose entity lies in the trash counts as of then; one that is there after all was none', async () => {
  const trashed = await lookUp('order.deleted', '{"id":7}', { kind: 'found', body: order('trash') })
  expect(trashed.looked).toMatchObject({
    translation: {
      value: [{ record: 'EntityDeleted', platformAt: Date.UTC(2026, 10, 1, 9), facts: { reason: 'trashed' } }],
    },
  })
  const live = await lookUp('order.deleted', '{"id":7}', { kind: 'found', body: order('processing') })
  expect(live.looked).toMatchObject({ translation: { value: [{ record: 'OrderStated', eventName: 'order_updated' }] } })
})

test('no answer is no answer; without credentials, or without an id, nobody is asked', async () => {
  const unanswered = { kind: 'unanswered', reason: '503', afterMs: 5 } as const
  expect((await lookUp('order.deleted', '{"id":7}', unanswered)).looked).toEqual(unanswered)
  const { credentials: _, ...without } = store
  for (const [body, known] of [
    ['{"id":7}', without],
    ['{"id":', store],
    ['{}', store],
  ] as const) {
    const { asked, looked } = await lookUp('order.deleted', body, unanswered, known)
    expect([asked, looked]).toEqual([[], { kind: 'cannot ask' }])
  }
})
