import { expect, test } from 'vitest'
import { bodyOf, failures } from '../../../test-statements.ts'
import { translateOrderEdit } from './edit.ts'

/** As Shopify's reference shows it. */
const edited = (changes: object = {}) =>
  bodyOf({
    order_edit: {
      ...{ id: 78912328793, app_id: null, created_at: '2026-05-01T05:00:00Z', notify_customer: false },
      ...{ order_id: 820982911, staff_note: 'Oh dear', user_id: null, committed_at: '2026-05-01T06:00:00+02:00' },
      line_items: { additions: [{ id: 78912328793, delta: 1 }], removals: [] },
      ...changes,
    },
  })
const reachable = { apiAccess: true }

test('an edit asks for the order as of when it was committed', () => {
  expect(translateOrderEdit(edited(), reachable)).toMatchObject({
    ok: true,
    value: {
      ...{ entityType: 'order', entityId: '820982911', reason: 'delta' },
      platformAt: Date.parse('2026-05-01T04:00:00Z'),
    },
  })
  expect(translateOrderEdit(edited({ committed_at: null }), reachable)).toMatchObject({
    value: { platformAt: undefined },
  })
})

test('what is missing is told at once, first of all that nobody can ask the store', () => {
  expect(failures(translateOrderEdit(edited(), {}))).toEqual([": orders/edited needs the store's API access"])
  expect(failures(translateOrderEdit(edited({ order_id: null, committed_at: 'soon' }), {}))).toEqual([
    ": orders/edited needs the store's API access",
    'order_edit.order_id: is missing',
    'order_edit.committed_at: expected a time with its offset',
  ])
  expect(failures(translateOrderEdit(bodyOf({ id: 1 }), reachable))).toEqual(['order_edit: is missing'])
})
