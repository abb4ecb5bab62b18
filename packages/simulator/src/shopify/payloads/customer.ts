import { shopifyAmount } from '../../money.ts'
import type { Consent, Customer } from '../../shop/model.ts'
import type { ApiVersion } from '../../shop/options.ts'
import type { Json, TimeWriter } from '../write-json.ts'
import { customerAddress, customerGlobalId, defaultAddress } from './address.ts'

/** Since 2025-01 tags, consent and purchase totals have topics of their own and are no longer in the customer. */
const tellsAll = (version: ApiVersion): boolean => version < '2025-01'

const consent = (of: Consent | null, { optionalTime }: TimeWriter): Json =>
  of === null ? null : { state: of.state, opt_in_level: of.level, consent_updated_at: optionalTime(of.at) }

const smsConsent = (of: Consent | null, { optionalTime }: TimeWriter): Json =>
  of === null
    ? null
    : {
        state: of.state,
        opt_in_level: of.level,
        consent_updated_at: optionalTime(of.at),
        consent_collected_from: 'SHOPIFY',
      }

/** Body of customers/create and customers/update. */
export const customerPayload = (customer: Customer, version: ApiVersion, times: TimeWriter): Json => ({
  id: customer.id,
  email: customer.email,
  created_at: times.time(customer.createdAt),
  updated_at: times.time(customer.updatedAt),
  first_name: customer.firstName,
  last_name: customer.lastName,
  ...(tellsAll(version) && {
    orders_count: customer.ordersCount,
    total_spent: shopifyAmount(customer.totalSpent, customer.currency),
    last_order_id: customer.lastOrder?.id ?? null,
    last_order_name: customer.lastOrder?.name ?? null,
  }),
  state: customer.state,
  note: customer.note,
  verified_email: customer.verifiedEmail,
  multipass_identifier: null,
  tax_exempt: customer.taxExempt,
  ...(tellsAll(version) && { tags: customer.tags.join(', ') }),
  currency: customer.currency,
  phone: customer.phone,
  addresses: customer.addresses.map((address) => customerAddress(customer, address)),
  tax_exemptions: [],
  ...(tellsAll(version) && {
    email_marketing_consent: consent(customer.emailConsent, times),
    sms_marketing_consent: smsConsent(customer.smsConsent, times),
  }),
  admin_graphql_api_id: customerGlobalId(customer),
  ...(customer.defaultAddressId !== null && { default_address: defaultAddress(customer) }),
})

/** Body of customers/delete: the id, and the empty shell that Shopify sends with it. */
export const customerDeletedPayload = (customer: Customer): Json => ({
  id: customer.id,
  phone: null,
  addresses: [],
  tax_exemptions: [],
  email_marketing_consent: null,
  sms_marketing_consent: null,
  admin_graphql_api_id: customerGlobalId(customer),
})

/** The customer inside an order: without the list of addresses. */
export const orderCustomer = (customer: Customer | null, version: ApiVersion, times: TimeWriter): Json =>
  customer === null
    ? null
    : {
        id: customer.id,
        email: customer.email,
        created_at: times.time(customer.createdAt),
        updated_at: times.time(customer.updatedAt),
        first_name: customer.firstName,
        last_name: customer.lastName,
        state: customer.state,
        note: customer.note,
        verified_email: customer.verifiedEmail,
        multipass_identifier: null,
        tax_exempt: customer.taxExempt,
        phone: customer.phone,
        ...(tellsAll(version) && {
          email_marketing_consent: consent(customer.emailConsent, times),
          sms_marketing_consent: smsConsent(customer.smsConsent, times),
          tags: customer.tags.join(', '),
        }),
        currency: customer.currency,
        tax_exemptions: [],
        admin_graphql_api_id: customerGlobalId(customer),
        default_address: defaultAddress(customer),
      }
