import { expect, test } from 'vitest'
import { createCustomer } from '../shop/customer-life.ts'
import type { Customer } from '../shop/model.ts'
import { settle } from '../shop/options.ts'
import { createWorld } from '../shop/world.ts'
import { createCustomerHistory } from './customer-history.ts'

const settings = settle({ seed: 1, merchantId: 'optik', storeId: 'a.myshopify.com', secret: 's', deliveries: 1 })
const aCustomer = (): Customer => ({ ...createCustomer(createWorld(settings), 1_000), phone: null })

/** Says each phone number at its time, and when the present one's run began. */
function sinceAfter(...said: readonly [phone: string | null, updatedAt: number, triggeredAt?: number][]) {
  const history = createCustomerHistory(settings)
  const customer = aCustomer()
  for (const [phone, updatedAt, triggeredAt = updatedAt] of said) {
    Object.assign(customer, { phone, updatedAt })
    history.observe({
      topic: 'customers/update',
      entity: customer,
      triggeredAt,
      triggered: '',
      webhookId: '',
      eventId: '',
    })
  }
  return history.all()[0]?.runs.phone
}

test('a value that is said again is as old as when it was said first', () => {
  expect(sinceAfter(['1', 1_000], ['2', 2_000], ['2', 9_000])).toEqual({ value: '2', since: 2_000 })
})

test('a value that comes back begins anew', () => {
  expect(sinceAfter(['1', 1_000], ['2', 2_000], ['1', 3_000])).toEqual({ value: '1', since: 3_000 })
})

test('an emptied field is one since it was emptied', () => {
  expect(sinceAfter(['1', 1_000], [null, 2_000], [null, 3_000])).toEqual({ value: null, since: 2_000 })
})

test('times count to the second, what was triggered later is later within one', () => {
  expect(sinceAfter(['2', 1_800, 1_800], ['1', 1_200, 1_200])).toEqual({ value: '2', since: 1_000 })
})

test('what was put together late does not count as said late', () => {
  expect(sinceAfter(['2', 5_000, 5_000], ['1', 1_000, 1_000])).toEqual({ value: '2', since: 5_000 })
})

test('a deletion is known, and says nothing of the values', () => {
  const history = createCustomerHistory(settings)
  const customer = aCustomer()
  const of = { entity: customer, triggered: '', webhookId: '', eventId: '' }
  history.observe({ ...of, topic: 'customers/create', triggeredAt: 1_000 })
  history.observe({ ...of, topic: 'customers/delete', triggeredAt: 2_000 })
  expect(history.all()).toMatchObject([
    { deletedAt: new Date(2_000), runs: { firstName: { value: customer.firstName } } },
  ])
})
