import { Decimal128 } from 'mongodb'
import { expect, test } from 'vitest'
import { applierOver } from '../test/apply.ts'
import { storesOf, testDatabase } from '../test/database.ts'
import { decoded, noon, product } from '../test/events.ts'

const db = testDatabase('catalog')

test('an item as it lies in the database: money as decimals, times as dates, each store’s own price', async () => {
  const at = (storeId: string, price: string, rest = {}) =>
    product({
      ...{ storeId, createdAt: noon, title: 'Round', currency: 'EUR', lensWidthMm: '52', status: 'active' },
      variants: [{ id: '7', sku: 'VS-1', price, inventoryItemId: '70' }],
      ...rest,
    })
  await applierOver(storesOf(db(), () => new Date(noon)))(
    [at('north', '90'), at('south', '99.5', { lensWidthMm: '5200' })].map(decoded),
  )
  const [north, south] = ['optik|shopify|north|1|7', 'optik|shopify|south|1|7']
  const found = await db().collection<{ _id: string }>('catalog').find().sort({ _id: 1 }).toArray()
  expect(found).toMatchObject([
    {
      _id: north,
      merchantId: 'optik',
      version: 1,
      policyVersion: 2,
      deleted: false,
      createdAt: new Date(noon),
      sku: 'VS-1',
      title: 'Round',
      lensWidthMm: Decimal128.fromString('52'),
      offers: [
        { id: north, productId: '1', variantId: '7', price: Decimal128.fromString('90'), since: new Date(noon) },
        { id: south, storeId: 'south', price: Decimal128.fromString('99.5'), inventoryItemId: '70', currency: 'EUR' },
      ],
      members: [north, south],
      identity: { by: ['optik|sku|VS-1'], ignored: [] },
      provenance: { title: { rule: 'source_priority', from: [{ record: north, since: new Date(noon) }] } },
      conflicts: [
        {
          group: 'sizes',
          open: true,
          since: new Date(noon),
          sides: [
            { record: north, fate: 'shown', values: { lensWidthMm: Decimal128.fromString('52') } },
            { record: south, fate: 'left_out', problems: [{ field: 'lensWidthMm' }] },
          ],
        },
      ],
    },
    { _id: south, redirectTo: north },
  ])
  expect(found[0]).not.toHaveProperty('price')
})
