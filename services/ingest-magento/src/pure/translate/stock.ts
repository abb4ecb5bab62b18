import {
  type Reader,
  read,
  readFlag,
  readInteger,
  readText,
  type Statement,
  type Translation,
} from '@varai/ingest/pure'
import { otherId } from '../ids.ts'
import { timeOf } from '../store-time.ts'
import type { Telling } from './telling.ts'

/** What a stock document may leave to whoever asked for it. */
export type StockTelling = Telling & { readonly productId?: string | undefined; readonly sku?: string | undefined }

/**
 * A stock item (`product_id`, `qty`, `is_in_stock`, `manage_stock`) or an item of a source (`sku`, `source_code`,
 * `quantity`, `status`) → what can be sold of a product. Neither says when it changed: the time of the telling counts.
 */
export const translateStock = (body: unknown, telling: StockTelling): Translation<Statement[]> =>
  tellStock(read(body), telling)

/**
 * As `translateStock`, for a part of a document. The inventory item is the product, as its variant says; an item of a
 * source names its SKU only, so who tells it should know the product's id (`productId`): else the SKU is the item.
 */
export function tellStock(stock: Reader, telling: StockTelling): Translation<Statement[]> {
  const productId = otherId(stock, 'product_id') ?? telling.productId
  const sku = stock.readable('sku', readText) ?? telling.sku
  if (productId === undefined && sku === undefined) stock.fail('product_id', 'is missing, and so is sku')
  const available = readAvailable(stock)
  return stock.result([
    {
      record: 'InventoryStated',
      eventName: telling.eventName,
      entityId: productId ?? sku ?? '0',
      platformAt: timeOf(stock, 'updated_at'),
      cleared: available === 'untracked' ? ['available'] : [],
      facts: {
        locationId: stock.readable('source_code', readText),
        available: available === 'untracked' ? undefined : available,
        ...{ productId, variantId: productId, sku },
      },
    },
  ])
}

/** Units; nobody counts what is not managed, and nothing can be sold of what is out of stock, however many there are. */
function readAvailable(stock: Reader): number | 'untracked' | undefined {
  if (stock.readable('manage_stock', readFlag) === false) return 'untracked'
  const isInStock = stock.readable(stock.has('is_in_stock') ? 'is_in_stock' : 'status', readFlag)
  return isInStock === false ? 0 : stock.readable(stock.has('quantity') ? 'quantity' : 'qty', readInteger)
}
