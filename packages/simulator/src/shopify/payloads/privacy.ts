import type { Customer, Order } from '../../shop/model.ts'
import type { Settings } from '../../shop/options.ts'
import type { Json } from '../write-json.ts'

/** What all three privacy topics begin with. The shop's id is any number that stays the same. */
const shopOf = ({ storeId }: Settings): { [name: string]: Json } => ({ shop_id: 954_889, shop_domain: storeId })

const personOf = ({ id, email, phone }: Customer): Json => ({ id, email, phone })

/** Body of customers/data_request. */
export const dataRequestPayload = (customer: Customer, orders: readonly Order[], id: bigint, of: Settings): Json => ({
  ...shopOf(of),
  orders_requested: orders.map((order) => order.id),
  customer: personOf(customer),
  data_request: { id },
})

/** Body of customers/redact. */
export const customerRedactPayload = (customer: Customer, orders: readonly Order[], of: Settings): Json => ({
  ...shopOf(of),
  customer: personOf(customer),
  orders_to_redact: orders.map((order) => order.id),
})

/** Body of shop/redact. */
export const shopRedactPayload = (of: Settings): Json => shopOf(of)
