import { fc, test } from '@fast-check/vitest'
import { test as example, expect } from 'vitest'
import { bucketOf, orderFact } from '../../reporting/test-report.ts'
import { type AmountName, amountNames, amountText, millionths } from './amount.ts'
import { isDay } from './day.ts'
import { createDayReport } from './day-report.ts'

const begin = Date.UTC(2026, 2, 27)
const amount = fc.option(fc.constantFrom('0', '12.5', '0.000001', '99999999999999', '-3'), { nil: null })
const facts = fc.array(
  fc
    .record({
      storeId: fc.constantFrom('north', 'south'),
      placedAt: fc.nat(4 * 24 * 60).map((minute) => begin + minute * 60_000),
      currency: fc.constantFrom('EUR', 'JPY', null),
      ...{ cancelled: fc.boolean(), refunded: fc.boolean() },
      amounts: fc.record({
        ...{ gross: amount, refunds: amount, net: amount },
        ...{ taxes: amount, discounts: amount, shipping: amount },
      }),
    })
    .map(orderFact),
  { maxLength: 30 },
)

test.prop([facts, fc.constantFrom('UTC', 'Europe/Vienna', 'Asia/Kathmandu', 'America/Santiago')])(
  'a row is what one gets by going through the orders of its day one by one',
  (all, timeZone) => {
    const report = createDayReport({ from: '2026-03-28', to: '2026-03-29', timeZone })
    for (const fact of all) report.add(bucketOf(fact))
    const days = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
    const keyOf = (...key: unknown[]) => JSON.stringify(key)
    const expected = Map.groupBy(
      all.filter(({ placedAt }) => ['2026-03-28', '2026-03-29'].includes(days.format(placedAt ?? 0))),
      ({ placedAt, storeId, currency }) => keyOf(days.format(placedAt ?? 0), storeId, currency),
    )
    const rows = report.rows()
    expect(rows.map(({ day, store, currency }) => keyOf(day, store, currency))).toEqual([...expected.keys()].sort())
    for (const row of rows) {
      const orders = expected.get(keyOf(row.day, row.store, row.currency)) ?? []
      const sum = (name: AmountName) => {
        const stated = orders.flatMap(({ amounts }) => amounts[name] ?? [])
        return stated.length === 0
          ? null
          : amountText(
              stated.map(millionths).reduce((a, b) => a + b),
              row.currency,
            )
      }
      expect(row).toMatchObject({
        orders: orders.length,
        cancelled: orders.filter(({ cancelled }) => cancelled).length,
        refunded: orders.filter(({ refunded }) => refunded).length,
        withoutTotal: orders.filter(({ amounts }) => amounts.gross === null).length,
        ...Object.fromEntries(amountNames.map((name) => [name, sum(name)])),
      })
      expect(isDay(row.day)).toBe(true)
    }
  },
)

example('currencies are never mixed, and have their own digits', () => {
  const report = createDayReport({ from: '2026-03-14', to: '2026-03-14', timeZone: 'UTC' })
  const placed = (currency: string | null, gross: string) => {
    const { amounts, ...fact } = orderFact({ currency })
    report.add(bucketOf({ ...fact, amounts: { ...amounts, gross } }))
  }
  placed('EUR', '1.5')
  placed('JPY', '1500')
  placed('EUR', '2')
  placed(null, '7')
  expect(report.rows().map(({ currency, gross }) => [currency, gross])).toEqual([
    ['EUR', '3.50'],
    ['JPY', '1500'],
    [null, '7'],
  ])
})
