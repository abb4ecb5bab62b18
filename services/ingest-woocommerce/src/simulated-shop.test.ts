import type { StoreOf } from '@varai/runtime/stores'
import { createWooShop, startWooApi } from '@varai/simulator'
import { parse } from 'lossless-json'
import { expect, test } from 'vitest'
import { lookedUp, translate } from './pure/translate/translate.ts'
import { claimedSite, verify } from './pure/verify.ts'
import { createRestApi } from './rest-api/rest-api.ts'
import { store } from './test-statements.ts'

const shop = createWooShop({
  ...{ seed: 'understood', merchantId: 'm1', storeId: store.id, secret: 'secret', currency: 'EUR', orders: 60 },
})

test('everything that the simulated shop says is verified and understood, and nothing of it left out', () => {
  for (const { headers, body, topic } of shop.deliveries) {
    expect(claimedSite({ headers })).toEqual({ ok: true, storeId: store.id })
    expect(verify({ headers, rawBody: body }, ['secret'])).toMatchObject({ ok: true, topic })
    if (lookedUp.has(topic)) continue
    const translation = translate(parse(body.toString()), { topic, store })
    expect(translation, `${topic} ${body}`).toMatchObject({ ok: true, leftOut: [] })
  }
})

test('its API lets us in and nobody else: entities, what there never was, a listing of several pages', async () => {
  const consumer = { consumerKey: 'ck', consumerSecret: 'cs' }
  const server = await startWooApi({ shop, consumer, failsEvery: 9 })
  const { platform: _, ...facts } = store
  const at = (credentials: typeof consumer): StoreOf<'woocommerce'> => ({
    ...{ ...facts, platform: 'woocommerce', api: { url: server.url }, credentials },
  })
  try {
    const api = createRestApi({ stopping: new AbortController().signal, cooling: { first: 0, longest: 0 } })
    const [customer] = shop.documents('customers')
    expect(await api.getCustomer(at(consumer), '2')).toMatchObject({ kind: 'found', storeTime: expect.any(Number) })
    expect(customer).toMatchObject({ id: 2 })
    expect(await api.getOrder(at(consumer), '999999')).toMatchObject({ kind: 'gone' })
    expect(await api.getOrder(at({ ...consumer, consumerSecret: 'other' }), '2')).toMatchObject({
      reason: '401 woocommerce_rest_authentication_error',
    })
    const { documents, total } = await api.list(at(consumer), 'orders', { per_page: '100' })
    const shown = shop.documents('orders').filter(({ status }) => status !== 'trash')
    expect([documents.length, total]).toEqual([shown.length, shown.length])
    for (let asked = 0; asked < 9; asked += 1) await api.getOrder(at(consumer), '2')
    expect(server.answers.get(503)).toBe(1)
  } finally {
    await server.close()
  }
})
