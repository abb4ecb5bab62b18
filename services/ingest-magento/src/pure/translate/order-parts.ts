import {
  type Facts,
  type Reader,
  readInteger,
  readText,
  type Statement,
  type StatementOf,
  type Translation,
} from '@varai/ingest/pure'
import { amountsIn } from '../amount.ts'
import { otherId, ownId } from '../ids.ts'
import { personalText } from '../person.ts'
import { modifiedAt, timeOf } from '../store-time.ts'
import type { Telling } from './telling.ts'

/** A credit memo: money, and perhaps goods, given back. Its order lists none of them. */
export function tellCreditMemo(memo: Reader, telling: Telling): Translation<Statement[]> {
  const amounts = amountsIn(memo, telling.store.currency)
  const refund = {
    id: ownId(memo),
    createdAt: timeOf(memo, 'created_at'),
    note: personalText(memo, 'customer_note'),
    total: amounts.shop(memo, 'grand_total'),
    lines: (memo.looseList('items') ?? []).filter(hasUnits).map((line) => ({
      lineId: otherId(line, 'order_item_id'),
      quantity: line.readable('qty', readInteger),
      subtotal: amounts.shop(line, 'row_total'),
      totalTax: amounts.shop(line, 'tax_amount'),
    })),
  }
  return memo.result([ofOrder(memo, 'order_refunded', { refunds: [refund] })])
}

/** A shipment: goods sent. Its order lists none of them either. */
export function tellShipment(shipment: Reader): Translation<Statement[]> {
  const tracks = shipment.looseList('tracks') ?? []
  const fulfilment = {
    id: ownId(shipment),
    createdAt: timeOf(shipment, 'created_at'),
    updatedAt: timeOf(shipment, 'updated_at'),
    trackingCompany: tracks.map((track) => track.readable('title', readText)).find((title) => title !== undefined),
    trackingNumbers: tracks.flatMap((track) => track.readable('track_number', readText) ?? []),
    lines: (shipment.looseList('items') ?? []).filter(hasUnits).map((line) => ({
      lineId: otherId(line, 'order_item_id'),
      quantity: line.readable('qty', readInteger),
    })),
  }
  return shipment.result([ofOrder(shipment, 'order_fulfilled', { fulfilments: [fulfilment] })])
}

/** Children of what was given back or sent stand beside it without units of their own. */
const hasUnits = (line: Reader): boolean => !line.has('qty') || line.readable('qty', readText) !== '0'

function ofOrder(
  part: Reader,
  eventName: 'order_refunded' | 'order_fulfilled',
  facts: Facts<'OrderStated'>,
): StatementOf<'OrderStated'> {
  return { record: 'OrderStated', eventName, entityId: part.id('order_id'), platformAt: modifiedAt(part), facts }
}
