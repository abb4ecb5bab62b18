import { shopifyAmount } from '../money.ts'
import type { Address, Consent, Customer } from '../shop/model.ts'
import { connection, type PageArguments } from './connection.ts'
import type { PersonalData } from './personal-data.ts'
import { mailingAddress, optionalTime, reference, time } from './values.ts'

/** A customer as the Admin API shows it. Consents hang on the contact that they are about. */
export function customerNode(customer: Customer, personal: PersonalData) {
  const { email, phone, emailConsent, smsConsent, currency } = customer
  const kept = customer.addresses.find(({ id }) => id === customer.defaultAddressId)
  return {
    ...reference('Customer', customer.id),
    firstName: () => personal('firstName', customer.firstName),
    lastName: () => personal('lastName', customer.lastName),
    createdAt: time(customer.createdAt),
    updatedAt: time(customer.updatedAt),
    locale: 'en',
    note: customer.note,
    tags: customer.tags,
    state: customer.state.toUpperCase(),
    verifiedEmail: customer.verifiedEmail,
    taxExempt: customer.taxExempt,
    amountSpent: { amount: shopifyAmount(customer.totalSpent, currency), currencyCode: currency },
    defaultEmailAddress: () =>
      personal('defaultEmailAddress', email === null ? null : { emailAddress: email, ...marketing(emailConsent) }),
    defaultPhoneNumber: () =>
      personal('defaultPhoneNumber', phone === null ? null : { phoneNumber: phone, ...marketing(smsConsent) }),
    defaultAddress: () => personal('defaultAddress', kept === undefined ? null : addressNode(kept)),
    addressesV2: (page: PageArguments) => connection(customer.addresses.map(addressNode), page),
  }
}

const addressNode = (address: Address) => ({
  ...mailingAddress(address),
  id: `gid://shopify/MailingAddress/${address.id}?model_name=CustomerAddress`,
})

const marketing = (consent: Consent | null) => ({
  marketingState: (consent?.state ?? 'not_subscribed').toUpperCase(),
  marketingOptInLevel: consent?.level?.toUpperCase() ?? null,
  marketingUpdatedAt: optionalTime(consent?.at ?? null),
})
