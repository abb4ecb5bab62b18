import { expect, test } from 'vitest'
import type { ReportRow } from '../pure/report/day-report.ts'
import { toCsv } from './to-csv.ts'

const row: ReportRow = {
  ...{ day: '2026-03-14', merchant: 'optik', platform: 'shopify', store: 'north', currency: 'EUR' },
  ...{ orders: 2, cancelled: 0, refunded: 1, withoutTotal: 0 },
  ...{ gross: '10.00', refunds: '12.00', net: '-2.00', taxes: null, discounts: '0.00', shipping: null },
}

test('RFC 4180: a line of names, lines that end in CR and LF, what is not known is empty, amounts are numbers', () => {
  expect(toCsv([row])).toBe(
    'day,merchant,platform,store,currency,orders,cancelled,refunded,without_total,gross,refunds,net,taxes,discounts,shipping\r\n' +
      '2026-03-14,optik,shopify,north,EUR,2,0,1,0,10.00,12.00,-2.00,,0.00,\r\n',
  )
  expect(toCsv([]).split('\r\n')).toHaveLength(2)
})

test('quotes, commas and breaks are quoted', () => {
  expect(toCsv([{ ...row, store: 'a,"b"\r\nc' }])).toContain('shopify,"a,""b""\r\nc",EUR')
})

test.each(['=1+1', '+1', '-1', '@sum', '\t=1', '\r=1', '＝1'])('%j is no formula', (store) => {
  const [, line = ''] = toCsv([{ ...row, store, currency: store }]).split(/\r\n(?=2026)/)
  expect(line).toContain(`shopify,${store.includes('\r') ? `"'${store}"` : `'${store}`},`)
})
