import { withFixtures } from '@varai/testkit'
import { expect, test } from 'vitest'
import { bodyOf, failures, fixture, only, stated, store } from '../../test-statements.ts'
import { knownTopics, lookedUp, lookupOf, translate } from './translate.ts'

const told = (topic: string, body: unknown) => failures(translate(bodyOf(body), { topic, store }))

withFixtures(test)('captured customers: never changed ones are as old as they are', () => {
  expect(only('CustomerStated', stated('customer.created', fixture('customer.created.json')))).toMatchObject({
    ...{ eventName: 'customer_created', entityId: '25', userId: '25', platformAt: Date.UTC(2017, 2, 21, 19, 9, 30) },
    facts: {
      ...{ email: 'john.doe@example.com', firstName: 'John', lastName: 'Doe', phone: '(555) 555-5555' },
      addresses: [{ id: 'billing' }, { id: 'shipping' }],
      complete: { addresses: true },
    },
  })
  const customers = Object.values(fixture('customers.list.json')).map((body) =>
    only('CustomerStated', stated('customer.updated', body)),
  )
  expect(customers.map(({ facts }) => facts.firstName)).toContain('João')
  const unchanged = { id: 5, date_created_gmt: '2026-11-01T08:00:00', date_modified_gmt: null, first_name: '' }
  expect(only('CustomerStated', stated('customer.updated', unchanged))).toMatchObject({
    ...{ platformAt: Date.UTC(2026, 10, 1, 8), cleared: ['firstName'], facts: { complete: { addresses: false } } },
  })
})

test('a deletion names neither time nor proof', () => {
  const names = { order: 'order_deleted', customer: 'customer_deleted', product: 'product_deleted' }
  for (const [resource, eventName] of Object.entries(names)) {
    expect(only('EntityDeleted', stated(`${resource}.deleted`, { id: 5 }))).toMatchObject({
      ...{ eventName, entityId: '5', platformAt: undefined, facts: { confirmed: false, terminal: false } },
    })
  }
  expect(told('order.deleted', {})).toEqual(['id: is missing'])
})

test('a WordPress error in place of a document is told by its code, never by its words', () => {
  const error = { code: 'woocommerce_rest_cannot_view', message: 'Sorry, Jane', data: { status: 403 } }
  expect(told('order.updated', error)).toEqual([
    ': a WordPress error in place of the document: woocommerce_rest_cannot_view',
  ])
  expect(told('order.updated', { ...error, code: 'x y <b>' })).toEqual([
    ': a WordPress error in place of the document: without a code',
  ])
})

test('unknown topics and bodies that are no documents are failures, not exceptions', () => {
  expect(told('coupon.created', { id: 1 })).toEqual([': unknown topic'])
  for (const topic of knownTopics) {
    for (const body of [null, [], 'x', 7, {}, { id: {} }]) expect(told(topic, body), topic).not.toEqual([])
  }
})

test('what only names an entity says where to look', () => {
  const completed = { action: 'woocommerce_order_status_completed', arg: 123 }
  expect(lookupOf('action.woocommerce_order_status_completed', bodyOf(completed))).toEqual({
    ...{ resource: 'order', id: '123', event: 'order_completed' },
  })
  expect(lookupOf('product.deleted', bodyOf({ id: '5' }))).toEqual({
    ...{ resource: 'product', id: '5', event: 'product_updated' },
  })
  expect(lookupOf('product.deleted', bodyOf({ id: 0 }))).toBeUndefined()
  expect(lookupOf('order.updated', bodyOf({ id: 5 }))).toBeUndefined()
  expect(told('action.woocommerce_order_status_completed', completed)).toEqual([
    ': names only an id, and the store has no API credentials to look it up with',
  ])
  expect(lookedUp.size).toBe(6)
})
