import type { CustomerHistory } from '../truth/customer-history.ts'
import type { MagentoCustomer } from './model.ts'

type Of = { readonly merchantId: string; readonly storeId: string }

/** Notes what a shop says of a customer, and since when; or that it says nothing any more. */
export function noteCustomer(
  histories: Map<number, CustomerHistory>,
  { merchantId, storeId }: Of,
  customer: MagentoCustomer,
  fate?: 'deleted',
): void {
  const at = customer.modifiedAt
  const held = histories.get(customer.id)
  const says = {
    ...{ email: customer.email, firstName: customer.firstName, lastName: customer.lastName },
    ...{ phone: customer.addresses[0]?.phone ?? null, acceptsMarketing: customer.subscribed },
  }
  const run = (field: keyof typeof says) => {
    const before = held?.runs[field]
    return before !== undefined && before.value === says[field] ? before : { value: says[field], since: at }
  }
  histories.set(customer.id, {
    recordId: `${merchantId}|magento|${storeId}|${customer.id}`,
    ...{ merchantId, storeId, platformId: String(customer.id) },
    deletedAt: fate === 'deleted' ? 'unknown' : undefined,
    ...{ createdAt: new Date(customer.createdAt), changedAt: new Date(at) },
    runs: {
      ...{ email: run('email'), phone: run('phone'), acceptsMarketing: run('acceptsMarketing') },
      ...{ firstName: run('firstName'), lastName: run('lastName') },
    },
  })
}
