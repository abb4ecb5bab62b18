import { read } from '@varai/ingest/pure'
import { expect, test } from 'vitest'
import { bodyOf } from '../test-statements.ts'
import { amountsIn, readAmount } from './amount.ts'

test.each([
  ['32444.000000', '32444'],
  ['27.0600', '27.06'],
  [4.3, '4.3'],
  [4.2999999999999998, '4.3'],
  [0.1 + 0.2, '0.3'],
  [7.105427357601e-15, '0'],
  [-7.105427357601e-15, '0'],
  ['1.0E-5', '0.00001'],
  [-3.3, '-3.3'],
  ['99999999999999.123456', '99999999999999.123456'],
])('the amount %j is %s', (stated, amount) => {
  expect(readAmount(bodyOf(stated))).toEqual({ ok: true, value: amount })
})

test.each(['', '1,5', 'free', '1e12', '12345678901.1234567', null, true, {}])('no amount: %j', (stated) => {
  expect(readAmount(bodyOf(stated))).toMatchObject({ ok: false })
})

test("the buyer's amounts stand for the shop's only where the currency is one", () => {
  const of = (changes: object) => {
    const document = read(bodyOf({ grand_total: 12, ...changes }))
    const { shopCurrency, buyerCurrency, shop, buyer } = amountsIn(document, 'EUR')
    return [shopCurrency, shop(document, 'grand_total'), buyerCurrency, buyer(document, 'grand_total')]
  }
  const both = { base_currency_code: 'usd', order_currency_code: 'EUR', base_grand_total: '13.5' }
  expect(of(both)).toEqual(['USD', '13.5', 'EUR', '12'])
  expect(of({ ...both, base_grand_total: undefined })).toEqual(['USD', undefined, 'EUR', '12'])
  expect(of({ order_currency_code: 'EUR' })).toEqual(['EUR', '12', 'EUR', '12'])
  expect(of({})).toEqual(['EUR', '12', undefined, undefined])
})
