import { difference, type Reader, readDecimal, readInteger, readText } from '@varai/ingest/pure'
import type { Draft, Variant } from '@varai/schemas'
import { otherId, ownId } from '../../ids.ts'
import { timeOf } from '../../store-time.ts'

/** The sellable form that a variation is, or a product without variations. */
export function readVariant(of: Reader): Draft<Variant> {
  const id = ownId(of)
  const price = of.readable('price', readDecimal)
  const regular = of.readable('regular_price', readDecimal)
  const options = of.looseList('attributes')?.map((attribute) => attribute.readable('option', readText))
  return {
    id,
    title: of.readable('name', readText),
    sku: of.readable('sku', readText),
    barcode: of.readable('global_unique_id', readText),
    price,
    compareAtPrice: price !== undefined && regular !== undefined && isLess(price, regular) ? regular : undefined,
    options: options?.filter((option) => option !== undefined) ?? [],
    // Stock may be counted for all variations of a product together, on the product.
    inventoryItemId: of.freeText('manage_stock') === 'parent' ? otherId(of, 'parent_id') : id,
    inventoryQuantity: of.readable('stock_quantity', readInteger),
    taxable: of.has('tax_status') ? of.readable('tax_status', readText) === 'taxable' : undefined,
    updatedAt: timeOf(of, 'date_modified_gmt'),
  }
}

const isLess = (one: string, other: string): boolean => difference(one, other)?.startsWith('-') ?? false
