import { describe, expect, test } from 'vitest'
import { orderDeleted, orderStated, sampleTime } from '../../test-orders.ts'
import { deletedOrder, statedOrder } from './order-statement.ts'

test('what is not stated is missing, what is emptied is null', () => {
  const order = orderStated({ total: '12.50', createdAt: sampleTime, cleared: ['cancelledAt', 'note'] })
  expect(statedOrder(order)).toMatchObject({
    ok: true,
    statement: { kind: 'stated', fields: { total: '12.5', createdAt: sampleTime, cancelledAt: null } },
  })
  const read = statedOrder(order)
  expect(read.ok && read.statement.kind === 'stated' && Object.keys(read.statement.fields).sort()).toEqual([
    'cancelledAt',
    'createdAt',
    'total',
  ])
})

test('the record and the moment come from the envelope', () => {
  const read = deletedOrder(orderDeleted({ terminal: true, triggeredAt: sampleTime + 1 }))
  expect(read).toEqual({
    ok: true,
    statement: {
      of: {
        id: 'acme|shopify|acme.myshopify.com|1001',
        entityId: '1001',
        merchantId: 'acme',
        platform: 'shopify',
        storeId: 'acme.myshopify.com',
      },
      moment: `000${sampleTime}.000${sampleTime + 1}.shopify|acme.myshopify.com|d1|0`,
      kind: 'deleted',
      terminal: true,
    },
  })
})

describe('what can never be counted says why', () => {
  test.each([
    ['bad entityId', { entityId: 'a|b' }],
    ['bad merchantId', { merchantId: '' }],
    ['bad createdAt', { createdAt: -62_167_219_200_001 }],
    ['bad cancelledAt', { cancelledAt: 8_640_000_000_000_000 }],
    ['bad platformAt or triggeredAt', { triggeredAt: -1 }],
    ['bad platformAt or triggeredAt', { platformAt: 253_402_300_800_000 }],
  ])('%s', (reason, fields) => {
    expect(statedOrder(orderStated(fields))).toEqual({ ok: false, reason })
  })
})
