import {
  difference,
  lensProperties,
  quotient,
  type Reader,
  readDecimal,
  readInteger,
  readText,
} from '@varai/ingest/pure'
import type { Draft, OrderLine, Property } from '@varai/schemas'
import { otherId } from '../../ids.ts'
import { type MetaData, readMetaData } from '../../meta-data.ts'

/**
 * One line of an order. A simple product is its own variant, as in its product statement. WooCommerce states what the
 * line costs before discounts and no unit price (its `price` is after discounts, out of float arithmetic), so that is
 * the quotient, to the six digits of the contract.
 */
export function readLine(line: Reader): Draft<OrderLine> {
  const productId = otherId(line, 'product_id')
  const quantity = line.readable('quantity', readInteger)
  const subtotal = line.readable('subtotal', readDecimal)
  const total = line.readable('total', readDecimal)
  const meta = readMetaData(line)
  return {
    id: otherId(line, 'id'),
    productId,
    variantId: otherId(line, 'variation_id') ?? productId,
    sku: line.readable('sku', readText),
    title: line.readable('name', readText),
    quantity,
    price: subtotal !== undefined && quantity !== undefined ? quotient(subtotal, quantity) : undefined,
    totalDiscount: subtotal !== undefined && total !== undefined ? difference(subtotal, total) : undefined,
    totalTax: line.readable('total_tax', readDecimal),
    ...readLens(meta),
  }
}

/**
 * Ours and what the shop shows are the line's properties. Of the plugins' own only what is about lenses is taken: a
 * `_prescription` is a prescription, a `_reduced_stock` is nobody's business.
 */
function readLens(meta: MetaData | undefined) {
  const ours = [...(meta?.ours ?? [])].map(([name, value]): Property => ({ name, value }))
  const open = lensProperties([...ours, ...(meta?.shown ?? []), ...(meta?.hidden.filter(isHealth) ?? [])])
  const hidden = lensProperties(meta?.hidden ?? [])
  return {
    ...open,
    lensType: open.lensType ?? hidden.lensType,
    lensCoating: open.lensCoating ?? hidden.lensCoating,
  }
}

const isHealth = (property: Property): boolean => lensProperties([property]).properties.length === 0
