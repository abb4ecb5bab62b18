import { describe, expect, test } from 'vitest'
import { orderStated, sampleTime } from '../../test-orders.ts'
import { foldOrder } from '../facts/order-fact.ts'
import { statedOrder } from '../facts/order-statement.ts'
import { countOrder } from './count-order.ts'
import { minus, parseRowId, plus, rowId, sumByRow } from './row.ts'

type Said = Parameters<typeof orderStated>[0]

function counted(said: readonly Said[], attributed = false) {
  const read = said.map((fields, index) =>
    statedOrder(orderStated({ eventId: `e${index}`, platformAt: sampleTime + index * 60_000, ...fields })),
  )
  const fact = foldOrder(
    undefined,
    read.flatMap((one) => (one.ok ? [one.statement] : [])),
  )
  const attribution = {
    ...{ basis: 'session-id' as const, session: null, sessionId: 's-1', at: null, products: [] },
    recommendations: [{ id: 'rec-1', algorithm: 'fit 1', because: 'carried' as const }],
  }
  const frames = new Map([
    ['acme|shopify|acme.myshopify.com|p-1', { frameShape: 'round' }],
    ['acme|shopify|acme.myshopify.com|p-2', { frameShape: 'round', frameColor: 'gold' }],
  ])
  return countOrder(fact, attributed ? attribution : null, frames)
}
const netOf = (...said: Said[]) =>
  counted([{ createdAt: sampleTime, currency: 'EUR', total: '100' }, ...said])[0]?.add['netTotal']
const refund = (id: string, total: string, minutes: number) => ({ id, total, createdAt: sampleTime + minutes * 60_000 })

describe('what an order is worth', () => {
  test.each<[string, Said[], string]>([
    ['its total, while nothing else is said', [], '100'],
    ['what the store says it is worth now', [{ netTotal: '80.5' }], '80.5'],
    ['less what was given back later', [{ netTotal: '80', refunds: [refund('r1', '5.25', 9)] }], '74.75'],
    ['not less what was given back before that was said', [{ netTotal: '80', refunds: [refund('r1', '20', 0)] }], '80'],
    [
      'a refund that is told twice, once',
      [{ refunds: [refund('r1', '20', 9)] }, { refunds: [refund('r1', '20', 9)] }],
      '80',
    ],
    [
      'not a refund that a whole list does not name any more',
      [{ refunds: [refund('r1', '20', 9)] }, { refunds: [refund('r2', '1', 9)], complete: { refunds: true } }],
      '99',
    ],
    ['nothing when it is cancelled', [{ cancelledAt: sampleTime, netTotal: '80' }], '0'],
    ['nothing when its status says so', [{ status: 'cancelled' }], '0'],
    [
      'of a refund without a sum, its successful transactions',
      [
        {
          refunds: [
            {
              ...{ id: 'r1', createdAt: sampleTime + 900_000 },
              transactions: [
                { kind: 'refund', status: 'success', amount: '7' },
                { kind: 'refund', status: 'failure', amount: '3' },
              ],
            },
          ],
        },
      ],
      '93',
    ],
  ])('%s', (_, said, net) => expect(netOf(...said)).toBe(net))
})

test('an order that names no time of its own was made when the store told so', () => {
  const [row] = counted([{ eventName: 'order_created', total: '10' }])
  expect(parseRowId(row?.row ?? '')).toMatchObject({ hour: '2026-05-01-12', currency: '' })
  expect(counted([{ eventName: 'order_updated', total: '10' }])).toEqual([])
})

test('by ground, algorithm and frame, lines with the units that are left', () => {
  const items = [
    { productId: 'p-1', quantity: 3, currentQuantity: 2, price: '10.10', totalDiscount: '0.20' },
    { productId: 'p-2', quantity: 1, price: '5' },
    { productId: 'p-3', quantity: 1, price: '1' },
  ]
  const rows = counted([{ createdAt: sampleTime, currency: 'EUR', total: '40', items }], true)
  expect(
    rows.map(({ row, add }) => {
      const { type, dimension, value } = parseRowId(row)
      return [type, dimension, value, add['orders'], add['units'], add['netTotal']]
    }),
  ).toEqual([
    ['orders', 'all', '', 1, undefined, '40'],
    ['attributed', 'all', '', 1, undefined, '40'],
    ['attributed', 'basis', 'session-id', 1, undefined, '40'],
    ['attributed', 'algorithm', 'fit 1', 1, undefined, '40'],
    ['attributed', 'frameColor', 'gold', 1, 1, '5'],
    ['attributed', 'frameShape', 'round', 1, 3, '25'],
  ])
})

describe('rows', () => {
  test('an id says what the row is of, whatever the words are', () => {
    const key = {
      ...{ type: 'funnel' as const, merchantId: 'acme', platform: 'html', storeId: '', hour: '2026-05-01-12' },
      ...{ dimension: 'algorithm', value: 'a|b %7C', currency: '' },
    }
    expect(parseRowId(rowId(key))).toEqual(key)
    expect(() => parseRowId('orders|acme')).toThrow(RangeError)
  })

  test('what is added and taken away again is nothing; amounts stay exact', () => {
    const one = { orders: 1, netTotal: '99999999999999.999999' }
    expect(plus(one, { orders: 2, netTotal: '0.000001', units: 1 })).toEqual({
      orders: 3,
      netTotal: '100000000000000',
      units: 1,
    })
    expect(
      sumByRow([
        { row: 'r', add: one },
        { row: 'r', add: minus(one) },
      ]).size,
    ).toBe(0)
  })
})
