import type { MagentoDocument } from './shelf.ts'

/** A small order as Magento's database has it. */
export const magentoOrder = (id: number): MagentoDocument => ({
  ...{ entity_id: String(id), increment_id: `000${id}`, state: 'processing', status: 'processing' },
  ...{ created_at: '2026-11-01 08:00:00', updated_at: '2026-11-01 09:00:00', customer_is_guest: '1' },
  ...{ base_currency_code: 'USD', order_currency_code: 'USD', base_grand_total: '28.0000', grand_total: '28.0000' },
  ...{ total_due: '28.0000', base_total_due: '28.0000' },
})
