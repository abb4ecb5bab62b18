import { withFixtures } from '@varai/testkit'
import { expect, test } from 'vitest'
import { bodyOf, failures, fixture, only, stated, store } from '../../../test-statements.ts'
import { translate } from '../translate.ts'

const product = (changes: Record<string, unknown> = {}) => ({
  ...{ id: 18, name: 'Frame', type: 'simple', status: 'publish', date_modified_gmt: '2026-11-01T09:00:00' },
  ...changes,
})
const facts = (changes: Record<string, unknown>) =>
  only('ProductStated', stated('product.updated', product(changes))).facts

withFixtures(test)('a captured delivery of a simple product: it is its own only variant', () => {
  const { body } = fixture('product.updated.delivery.json')
  expect(only('ProductStated', stated('product.updated', body))).toMatchObject({
    ...{ eventName: 'product_updated', entityId: '18', platformAt: Date.UTC(2023, 2, 26, 9, 29, 39) },
    facts: {
      ...{ title: 'Perpemint', handle: 'perpemint', status: 'active', currency: 'EUR', tags: [], images: [] },
      ...{ url: 'http://localhost/wordpress/product/perpemint/', productType: 'Uncategorized' },
      variants: [{ id: '18', sku: undefined, price: '150', compareAtPrice: '200', inventoryQuantity: undefined }],
      complete: { variants: true },
    },
  })
  expect(stated('product.updated', fixture('product.simple.json'))).toHaveLength(1)
})

withFixtures(test)('a product with variations is silent about them: they come by themselves', () => {
  const { entityId, facts } = only('ProductStated', stated('product.updated', fixture('product.updated.variable.json')))
  expect(entityId).toBe('799')
  expect(facts).toMatchObject({
    options: [
      { name: 'Color', values: ['Black', 'Green'] },
      { name: 'Size', values: ['S', 'M'] },
    ],
    images: [{ id: '795', position: 1 }, { position: 2 }, { position: 3 }, { position: 4 }],
    ...{ variants: undefined, complete: { variants: false } },
  })
})

withFixtures(test)('a variation states one variant of its product, and nothing else of it', () => {
  const variations = Object.values(fixture('product_variations.list.json')).map((each) => ({
    ...(each as object),
    ...{ type: 'variation', parent_id: 22 },
  }))
  const statements = variations.map((body) => only('ProductStated', stated('product.created', body)))
  expect(statements[0]).toMatchObject({
    ...{ eventName: 'product_created', entityId: '22', platformAt: Date.UTC(2017, 2, 23, 3, 53, 11) },
    facts: { variants: [{ id: '733', price: '9', options: ['Green'] }], complete: { variants: false } },
  })
  expect(statements.map(({ facts }) => Object.keys(facts))).toEqual(variations.map(() => ['variants', 'complete']))
})

test('a variation without its product, and one in the trash', () => {
  const orphan = translate(bodyOf(product({ type: 'variation', parent_id: 0 })), { topic: 'product.updated', store })
  expect(failures(orphan)).toEqual(['parent_id: is missing in a variation'])
  const trashed = product({ type: 'variation', parent_id: 7, status: 'trash' })
  expect(only('EntityDeleted', stated('product.updated', trashed))).toMatchObject({
    ...{ eventName: 'product_deleted', entityId: '7', facts: { childId: '18', reason: 'trashed', confirmed: true } },
  })
  expect(only('EntityDeleted', stated('product.updated', product({ status: 'trash' })))).toMatchObject({
    ...{ entityId: '18', facts: { childId: undefined } },
  })
})

test('eyewear facts come from meta data or attributes of ours; what neither has is empty', () => {
  const { facts, cleared } = only(
    'ProductStated',
    stated(
      'product.updated',
      product({
        meta_data: [
          { key: '_varai_frame_shape', value: 'aviator' },
          { key: 'varai_recommended_face_shapes', value: ['oval', 'round'] },
          { key: 'varai_lens_width', value: '52 mm' },
          { key: 'varai_bridge_width', value: 'wide' },
        ],
        attributes: [
          { name: 'pa_varai_frame_material', options: ['titanium'] },
          { name: 'Color', options: ['Black'] },
        ],
      }),
    ),
  )
  expect(facts).toMatchObject({
    ...{ frameShape: 'aviator', frameMaterial: 'titanium', recommendedFaceShapes: ['oval', 'round'] },
    ...{ lensWidthMm: '52', bridgeWidthMm: undefined },
  })
  expect(cleared).toEqual(expect.arrayContaining(['frameColor', 'lensType', 'templeLengthMm']))
  expect(cleared).not.toContain('bridgeWidthMm')
})

test('what plugins mangled', () => {
  expect(
    facts({
      ...{
        sku: 4711,
        permalink: 0,
        price: 12.5,
        regular_price: '',
        stock_quantity: '3',
        tags: {},
        manage_stock: 'parent',
      },
      ...{
        images: [
          { id: 1, src: false },
          { id: '2', src: 'https://x/y.jpg' },
        ],
        parent_id: 4,
        global_unique_id: 4006381333931,
      },
      categories: [{ name: 'A' }, { name: 'B' }],
    }),
  ).toMatchObject({
    ...{ url: undefined, tags: [], productType: 'A, B', images: [{ id: '2', position: 2 }] },
    variants: [
      {
        sku: '4711',
        price: '12.5',
        compareAtPrice: undefined,
        inventoryQuantity: 3,
        inventoryItemId: '4',
        barcode: '4006381333931',
      },
    ],
  })
})

test.each([
  ['a flag that is a word', { variation: 'yes', options: ['S', 'M'] }, ['S', 'M']],
  ['a list that lost an element', { variation: 1, options: { 0: 'S', 2: 'L' } }, ['S', 'L']],
  ['one text', { variation: true, options: 'S' }, ['S']],
  ['something else', { variation: 'true', options: [{}] }, []],
])('options that plugins mangled: %s', (_, attribute, values) => {
  const { options } = facts({ type: 'variable', attributes: [{ name: 'Size', ...attribute }] })
  expect(options).toEqual([{ name: 'Size', values }])
})

test.each([
  [{ date_modified_gmt: null, date_modified: '2026-11-01T10:00:00' }, undefined],
  [{ date_modified_gmt: '0000-00-00T00:00:00', date_created_gmt: null }, undefined],
  [{ date_modified_gmt: '0000-00-00T00:00:00', date_created_gmt: '2026-11-01T08:00:00' }, Date.UTC(2026, 10, 1, 8)],
])('the time of %j is %s', (changes, at) => {
  expect(only('ProductStated', stated('product.updated', product(changes))).platformAt).toBe(at)
})

test('a time that is no time, and a document that does not speak of it, are failures', () => {
  const translated = (changes: object) =>
    failures(translate(bodyOf(product({ ...changes })), { topic: 'product.updated', store }))
  expect(translated({ date_modified_gmt: 'yesterday' })).toEqual(['date_modified_gmt: expected a time with its offset'])
  expect(translated({ date_modified_gmt: undefined })).toEqual(['date_modified_gmt: is missing'])
})
