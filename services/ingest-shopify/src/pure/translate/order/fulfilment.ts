import type { Reader } from '@varai/ingest/pure'
import type { Draft, Fulfilment } from '@varai/schemas'
import { shopifyId } from '../../shopify-id.ts'

/** Goods sent. The plural lists of tracking repeat what old versions say in the singular. */
export function readFulfilment(fulfilment: Reader): Draft<Fulfilment> {
  return {
    id: shopifyId(fulfilment, 'Fulfillment'),
    status: fulfilment.optionalText('status'),
    createdAt: fulfilment.optionalTime('created_at'),
    updatedAt: fulfilment.optionalTime('updated_at'),
    shipmentStatus: fulfilment.optionalText('shipment_status'),
    trackingCompany: fulfilment.optionalText('tracking_company'),
    trackingNumbers: textsOrOne(fulfilment, 'tracking_numbers', 'tracking_number'),
    trackingUrls: textsOrOne(fulfilment, 'tracking_urls', 'tracking_url'),
    lines: fulfilment.list('line_items').map((line) => ({
      lineId: shopifyId(line, 'LineItem'),
      quantity: line.optionalInteger('quantity'),
    })),
  }
}

function textsOrOne(of: Reader, many: string, one: string): string[] {
  if (of.has(many)) return of.texts(many)
  const single = of.optionalText(one)
  return single === undefined ? [] : [single]
}
