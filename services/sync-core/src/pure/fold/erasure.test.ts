import { describe, expect, test } from 'vitest'
import { contentOf, foldInBatches } from '../../../test/documents.ts'
import { customer, days, deletion, hours, noon, order, statement } from '../../../test/events.ts'
import { erasedStatement } from '../../erasures/erase-named.ts'
import type { Statement } from '../statement.ts'
import { atOf } from './erasure.ts'
import { isDeleted, isErased } from './existence.ts'
import { runsOf, sinceOf } from './since.ts'

const erasedAt = (of: Statement, at: number, subject = 'sub_1'): Statement =>
  erasedStatement({ ...of, id: of.recordId }, { id: 'request', at, subject })

const before = statement(customer({ firstName: 'Ann', phone: '1', addresses: [{ id: 'a', city: 'Wien' }] }))
const after = statement(customer({ firstName: 'Anna', platformAt: noon + days(2) }))
const erased = erasedAt(before, noon + hours(1))

describe('an account', () => {
  test('of which nothing was said since is a mark', () => {
    const { registers, lists, existence, since } = foldInBatches([[before], [erased]])
    expect(registers.values).toEqual({})
    expect(lists['addresses']?.elements.size).toBe(0)
    expect(since.entries).toEqual([])
    expect(existence).toEqual({ erased: { whole: noon + hours(1), subject: 'sub_1' } })
    expect([isErased(existence), isDeleted(existence)]).toEqual([true, true])
  })

  test('goes on with what was said later, and only that', () => {
    const record = foldInBatches([[after], [before], [erased]])
    expect(record.registers.values).toEqual(foldInBatches([[after]]).registers.values)
    expect(isErased(record.existence)).toBe(false)
  })

  test.each([
    ['at the very time of the erasure', noon + hours(1), undefined],
    ['a moment later', noon + hours(1) + 1, 'Ann'],
  ])('what was said %s', (_, platformAt, firstName) => {
    const said = statement(customer({ firstName: 'Ann', platformAt }))
    expect(foldInBatches([[erased], [said]]).registers.values['firstName']).toBe(firstName)
  })

  test('that was closed for good stays closed', () => {
    const closed = statement(deletion('customer', { terminal: true, platformAt: noon + 1 }))
    for (const batches of [
      [[closed], [erased], [after]],
      [[after], [erased], [closed, closed]],
    ]) {
      expect(isDeleted(foldInBatches(batches).existence)).toBe(true)
    }
  })

  test('of several erasures the latest counts, and of two at once the greater subject names it', () => {
    const all = [erased, erasedAt(before, noon, 'sub_3'), erasedAt(before, noon + hours(1), 'sub_2')]
    const { erased: held } = foldInBatches([all.slice(1), [before], all]).existence
    expect(held).toEqual({ whole: noon + hours(1), subject: 'sub_2' })
    expect(held && atOf(held)).toBe(noon + hours(1))
  })

  test('a value is as old as its newest statement on that day, and dated exactly from the next', () => {
    const sameDay = statement(customer({ firstName: 'Anna', platformAt: noon + hours(2) }))
    const again = statement(customer({ firstName: 'Anna', platformAt: noon + hours(3) }))
    const sinceIn = (...all: Statement[]) => {
      const record = foldInBatches([[before], all, [erased]])
      return sinceOf(record, runsOf(record), 'firstName')?.at
    }
    expect(sinceIn(sameDay, again)).toBe(noon + hours(3))
    expect(sinceIn(after, statement(customer({ firstName: 'Anna', platformAt: noon + days(3) })))).toBe(noon + days(2))
  })
})

describe('an order', () => {
  const said = statement(
    order({
      ...{ email: 'ann@x.at', note: 'ring', total: '12.5', customerId: '7' },
      billingAddress: { lastName: 'Ann', countryCode: 'AT' },
      items: [{ sku: 'VS-1', prescription: '-1.5', properties: [{ name: 'lens', value: 'mine' }] }],
    }),
  )

  test('keeps what is not personal, whichever came first', () => {
    for (const batches of [
      [[said], [erasedAt(said, noon)]],
      [[erasedAt(said, noon)], [said]],
    ]) {
      const { registers, existence } = foldInBatches(batches)
      expect(registers.values).toMatchObject({ total: '12.5', customerId: '7', billingAddress: { countryCode: 'AT' } })
      expect(registers.values['items']).toEqual([{ sku: 'VS-1', properties: [{ name: 'lens' }] }])
      expect(Object.keys(registers.values)).not.toContain('email')
      expect(Object.keys(registers.values)).not.toContain('note')
      expect(isDeleted(existence)).toBe(false)
    }
  })

  test('two values of one moment are settled alike, whether the erasure came before them or after', () => {
    const items = (sku: string, prescription: string) =>
      statement(order({ eventId: 'twice', items: [{ sku, prescription }], refunds: [{ ...refund, id: sku }] }))
    // by all that they say the first would win
    const both = [items('1', '9'), items('2', '1')]
    const note = (text: string, total: string) =>
      statement(order({ eventId: 'twice', refunds: [{ ...refund, note: text, total }] }))
    for (const [one, other] of [both, [note('b', '1'), note('a', '2')]]) {
      if (one === undefined || other === undefined) throw new Error('no pair')
      const cut = erasedAt(one, noon)
      const orders = [
        [[one, other], [cut]],
        [[cut], [one, other]],
        [[one], [cut], [other]],
        [[other], [cut], [one]],
      ]
      const [first, ...rest] = orders.map((batches) => contentOf(foldInBatches(batches)))
      for (const each of rest) expect(each).toEqual(first)
    }
  })
})

const refund = { id: 'r', total: '1', lines: [], transactions: [], adjustments: [] }
