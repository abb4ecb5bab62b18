import { parseLossless, type StoreFacts } from '@varai/ingest/pure'
import { createShop, topicsWithStock } from '@varai/simulator'
import { expect, test } from 'vitest'
import { all } from '../../test-statements.ts'
import { verify } from '../verify.ts'
import { translate, translateRequest } from './translate.ts'

const store: StoreFacts = { platform: 'shopify', merchantId: 'm1', id: 'shop.myshopify.com', currency: 'EUR' }

test.each(['2024-10', '2026-10'] as const)('everything a shop of API version %s says is understood', (apiVersion) => {
  const shop = createShop({
    ...{
      seed: apiVersion,
      merchantId: 'm1',
      storeId: store.id,
      secret: 'k',
      deliveries: 1_200,
      apiVersion,
      topics: topicsWithStock,
    },
  })
  const understood = new Set<string>()
  for (const { headers, body, entity } of [...shop.deliveries(), shop.uninstalled()]) {
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
    const verdict = verify({ headers: lower, rawBody: body }, ['old', 'k'])
    const document = parseLossless(body)
    if (!verdict.ok || !document.ok) throw new Error(JSON.stringify([verdict, document]))
    const translation = translate(document.value, { topic: verdict.topic, store })
    expect(translation).toMatchObject({ ok: true, leftOut: [] })
    for (const { entityId } of all(translation)) expect(entityId).toBe(entity.id)
    understood.add(verdict.topic)
  }
  expect(understood).toEqual(new Set([...topicsWithStock, 'app/uninstalled']))
  for (const { topic, body, entity } of shop.privacyRequests()) {
    const document = parseLossless(body)
    const asked = translateRequest(document.ok ? document.value : undefined, { topic, store })
    const subject = topic === 'shop/redact' ? { is: 'store' } : { is: 'customer', id: entity.id }
    expect(asked).toMatchObject({ ok: true, value: { subject } })
  }
})
