import { expect, test } from 'vitest'
import { sampleTime } from '../../test-orders.ts'
import { productStated } from '../../test-sessions.ts'
import { foldProduct, frameOf, isSameFrame, type ProductFields, statedProduct } from './product-fact.ts'

let events = 0
function factOf(said: Partial<ProductFields>) {
  const read = statedProduct(
    productStated({ eventId: `e${++events}`, platformAt: sampleTime, entityId: 'p-1', ...said }),
  )
  if (!read.ok) throw new Error(read.reason)
  return foldProduct(undefined, [read.statement])
}

test.each<[string, Partial<ProductFields>, Partial<Record<keyof ProductFields, string>>]>([
  [
    'what shops call differently is one',
    { frameShape: 'Panto', frameColor: 'Havana' },
    { frameShape: 'round', frameColor: 'tortoise' },
  ],
  ['several colours are each told', { frameColor: 'Schwarz / Gold' }, { frameColor: 'black/gold' }],
  ['words that mean nothing to the catalogue are kept', { frameMaterial: ' Mycelium ' }, { frameMaterial: 'mycelium' }],
  ['nothing is known of what is not said', { lensType: null }, {}],
])('%s', (_, said, frame) => {
  expect(frameOf(factOf(said))).toEqual(frame)
})

test('another word for the same changes nothing', () => {
  expect(isSameFrame(factOf({ frameShape: 'rund' }), factOf({ frameShape: 'circle' }))).toBe(true)
  expect(isSameFrame(factOf({ frameShape: 'rund' }), factOf({ frameShape: 'oval' }))).toBe(false)
  expect(isSameFrame(undefined, factOf({ frameShape: 'oval' }))).toBe(false)
})
