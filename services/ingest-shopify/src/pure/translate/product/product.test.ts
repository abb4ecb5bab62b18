import { describe, expect, test } from 'vitest'
import { product } from '../../../test-payloads.ts'
import { failures, only } from '../../../test-statements.ts'
import { translateProduct } from './product.ts'

const translated = (changes = {}) => translateProduct('product_updated', product(changes), 'EUR')
const stated = (changes = {}) => only('ProductStated', translated(changes))
const metafields = (values: Record<string, unknown>) =>
  Object.entries(values).map(([key, value]) => ({ namespace: 'varai', key, value }))

const sizes = ['lensWidthMm', 'bridgeWidthMm', 'templeLengthMm', 'lensHeightMm', 'frameWidthMm']

test('a product states the whole of itself, in the store’s currency', () => {
  expect(stated()).toEqual({
    record: 'ProductStated',
    eventName: 'product_updated',
    entityId: '31',
    platformAt: Date.parse('2026-05-01T00:00:00Z'),
    cleared: ['description', 'productType', 'publishedAt', 'frameMaterial', 'frameColor', 'lensType', ...sizes],
    facts: {
      title: 'Aviator 👓',
      handle: 'aviator',
      vendor: 'Varai',
      status: 'active',
      tags: ['new', 'gold'],
      createdAt: Date.parse('2026-01-01T00:00:00Z'),
      currency: 'EUR',
      options: [{ name: 'Colour', values: ['gold', 'black'] }],
      variants: [
        {
          id: '41',
          title: 'gold',
          sku: 'AVI-52',
          barcode: '4006381333931',
          price: '124.95',
          position: 1,
          options: ['gold'],
          inventoryItemId: '51',
          inventoryQuantity: -2,
          taxable: true,
          updatedAt: Date.parse('2026-05-01T00:00:00Z'),
        },
      ],
      images: [{ id: '61', src: 'https://cdn.example/a.jpg?v=1&width=9', position: 1, variantIds: ['41'] }],
      frameShape: 'aviator',
      recommendedFaceShapes: ['oval', 'heart'],
      complete: { variants: true },
    },
  })
})

describe('frame metafields', () => {
  test('come as words, lists and sizes', () => {
    const { facts, cleared } = stated({
      metafields: [
        ...metafields({
          ...{ frame_shape: 'round', frame_material: '["acetate","titanium"]', frame_colour: 'gold', lens_type: 'sun' },
          recommended_face_shapes: '["oval","heart-shaped"]',
          ...{ lens_width: 52, bridge_width_mm: '18 mm', temple_length: '{"value":14.5,"unit":"cm"}' },
          ...{ lens_height: '41,5', frame_width: '138.0' },
        }),
        { namespace: 'other', key: 'frame_shape', value: 'square' },
      ],
    })
    expect(facts).toMatchObject({
      ...{ frameShape: 'round', frameMaterial: 'acetate, titanium', frameColor: 'gold', lensType: 'sun' },
      recommendedFaceShapes: ['oval', 'heart-shaped'],
      ...{ lensWidthMm: '52', bridgeWidthMm: '18', templeLengthMm: '145', lensHeightMm: '41.5', frameWidthMm: '138' },
    })
    expect(cleared).toEqual(['description', 'productType', 'publishedAt'])
  })

  test('that are gone are empty; a product without metafields says nothing of them', () => {
    const gone = stated({ metafields: [] })
    expect(gone.cleared).toEqual(expect.arrayContaining(['frameShape', 'frameMaterial', 'lensWidthMm']))
    expect(gone.facts.recommendedFaceShapes).toEqual([])
    const silent = stated({ metafields: undefined })
    expect(silent.cleared).toEqual(['description', 'productType', 'publishedAt'])
    expect(silent.facts.recommendedFaceShapes).toBeUndefined()
  })

  test('a size that is none is left out and named, and neither stated nor emptied', () => {
    const result = translated({ metafields: metafields({ lens_width: 'medium' }) })
    expect(result.ok && result.leftOut).toEqual(['metafields[0].value'])
    const { facts, cleared } = only('ProductStated', result)
    expect(facts.lensWidthMm).toBeUndefined()
    expect(cleared).not.toContain('lensWidthMm')
  })

  test('a list that is broken JSON is words', () => {
    expect(stated({ metafields: metafields({ recommended_face_shapes: '[oval, round' }) }).facts).toMatchObject({
      recommendedFaceShapes: ['[oval', 'round'],
    })
  })
})

describe('variants are whole', () => {
  const variants = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ id: at + 1, admin_graphql_api_id: gid(at + 1), price: '1.00' }))
  const gid = (id: number) => `gid://shopify/ProductVariant/${id}`
  const gids = (count: number) => Array.from({ length: count }, (_, at) => ({ admin_graphql_api_id: gid(at + 1) }))
  const complete = (changes: object) => stated(changes).facts.complete

  test.each([
    ['when every id listed is there', { variants: variants(3), variant_gids: gids(3) }, true],
    ['not when one is missing', { variants: variants(100), variant_gids: gids(101) }, false],
    ['not when as many are there, but others', { variants: variants(3), variant_gids: gids(4).slice(1) }, false],
    [
      'not when the list cannot be read',
      { variants: variants(1), variant_gids: [{ admin_graphql_api_id: 'x' }] },
      false,
    ],
    ['without such a list below the former limit', { variants: variants(99), variant_gids: undefined }, true],
    ['not at the former limit', { variants: variants(100), variant_gids: undefined }, false],
    ['not when none are stated', { variants: undefined }, false],
    ['when the product has none', { variants: [] }, true],
  ])('%s', (_, changes, whole) => {
    expect(complete(changes)).toEqual({ variants: whole })
  })
})

test('every failure is told', () => {
  const broken = {
    ...{ updated_at: 'now', variants: [{ id: 1, price: 'free' }, { price: '1' }] },
    ...{ options: [{ values: [{}] }], metafields: 'none', published_at: true },
  }
  expect(failures(translated(broken)).toSorted()).toEqual([
    'metafields: expected a list',
    'options[0].name: is missing',
    'options[0].values[0]: expected text',
    'published_at: expected a time with its offset',
    'updated_at: expected a time with its offset',
    'variants[0].price: expected a decimal of at most 20 digits, 6 of them after the point',
    'variants[1].id: is missing',
  ])
})
