import type { StoreOf } from '@varai/runtime/stores'
import type { RecordOf } from '@varai/schemas'
import { expect, test } from 'vitest'
import { createAskStore } from './ask-store.ts'
import type { EntityAnswer } from './rest-api/rest-api.ts'
import { bodyOf } from './test-statements.ts'

const store: StoreOf<'woocommerce'> = {
  ...{ platform: 'woocommerce', merchantId: 'm1', id: 'https://shop.example', currency: 'EUR' },
  ...{ api: { url: 'https://shop.example' }, credentials: { consumerKey: 'k', consumerSecret: 's' } },
}
const times = { answeredAt: 2_000_000_000_000, storeTime: 1_999_999_999_000, version: 'v1' }

function asking(answer: Partial<EntityAnswer>, known: typeof store | undefined) {
  const asked: string[] = []
  const as = (entity: string) => async (_: unknown, id: string) => {
    asked.push(`${entity} ${id}`)
    return { ...times, ...answer } as EntityAnswer
  }
  const api = { getOrder: as('order'), getProduct: as('product'), getCustomer: as('customer') }
  const ask = createAskStore({ api, stores: { find: () => known } })
  const request = (of: Partial<RecordOf<'FetchRequested'>>) =>
    ask({
      ...{ requestId: 'r', merchantId: 'm1', platform: 'woocommerce', storeId: store.id, entityType: 'order' },
      ...{ entityId: '7', reason: 'unconfirmed-delete', causeEventId: 'c', platformAt: null, requestedAt: 0, ...of },
    })
  return { asked, request }
}

test('what is gone is deleted, as of the answer by the store’s own clock', async () => {
  const { asked, request } = asking({ kind: 'gone' }, store)
  expect(await request({ entityType: 'customer' })).toMatchObject({
    ...{ kind: 'answered', store: { merchantId: 'm1', id: store.id } },
    said: {
      answeredAt: times.answeredAt,
      translation: {
        value: [
          { eventName: 'customer_deleted', platformAt: times.storeTime, facts: { confirmed: true, reason: 'deleted' } },
        ],
      },
    },
  })
  expect(asked).toEqual(['customer 7'])
})

test.each([
  ['trash', { record: 'EntityDeleted', facts: { reason: 'trashed', confirmed: true } }],
  ['processing', { record: 'OrderStated', eventName: 'order_updated' }],
])('what is there is as it is: %s', async (status, statement) => {
  const body = bodyOf({ id: 7, status, currency: 'EUR', total: '1', date_modified_gmt: '2026-11-01T09:00:00' })
  const { request } = asking({ kind: 'found', body }, store)
  expect(await request({})).toMatchObject({
    said: { translation: { value: [{ ...statement, platformAt: Date.UTC(2026, 10, 1, 9) }] } },
  })
})

test('no answer now is asked for again, when the store wishes', async () => {
  const { request } = asking({ kind: 'unanswered', reason: '503', afterMs: 9_000 }, store)
  expect(await request({})).toEqual({ kind: 'unavailable', reason: '503', retryAfterMs: 9_000 })
})

test('nobody is asked without credentials, for another merchant, or for what has no address', async () => {
  const { credentials: _, ...without } = store
  for (const [known, of] of [
    [without, {}],
    [undefined, {}],
    [store, { merchantId: 'other' }],
    [store, { entityType: 'inventory' }],
  ] as const) {
    const { asked, request } = asking({ kind: 'gone' }, known)
    expect(await request(of)).toMatchObject({ kind: 'refused' })
    expect(asked).toEqual([])
  }
})
