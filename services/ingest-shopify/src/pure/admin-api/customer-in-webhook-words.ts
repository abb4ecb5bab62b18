import type { Reader } from '@varai/ingest/pure'
import { flag, idOf, lower, nodesOf, text, type Words } from './words.ts'

/**
 * A customer as the Admin API answers it, its addresses complete → in the words of a webhook from before 2025-01, which
 * told all of it. Personal fields that the app may not see are left out.
 */
export function customerInWebhookWords(customer: Reader): Words {
  const email = customer.child('defaultEmailAddress')
  const phone = customer.child('defaultPhoneNumber')
  const defaultId = customer.child('defaultAddress')?.optionalText('id')
  return {
    admin_graphql_api_id: text(customer, 'id'),
    created_at: text(customer, 'createdAt'),
    updated_at: text(customer, 'updatedAt'),
    ...(customer.states('firstName') && { first_name: text(customer, 'firstName') }),
    ...(customer.states('lastName') && { last_name: text(customer, 'lastName') }),
    ...(customer.states('defaultEmailAddress') && {
      email: email === undefined ? null : text(email, 'emailAddress'),
      email_marketing_consent: consent(email),
    }),
    ...(customer.states('defaultPhoneNumber') && {
      phone: phone === undefined ? null : text(phone, 'phoneNumber'),
      sms_marketing_consent: consent(phone),
    }),
    state: lower(customer, 'state'),
    verified_email: flag(customer, 'verifiedEmail'),
    tax_exempt: flag(customer, 'taxExempt'),
    locale: text(customer, 'locale'),
    note: text(customer, 'note'),
    tags: customer.texts('tags').join(', '),
    ...(customer.has('amountSpent') && { currency: text(customer.child('amountSpent') ?? customer, 'currencyCode') }),
    ...(customer.states('addressesV2') && {
      addresses: nodesOf(customer, 'addressesV2').map((address) => ({
        id: idOf(address, 'MailingAddress'),
        first_name: text(address, 'firstName'),
        last_name: text(address, 'lastName'),
        company: text(address, 'company'),
        address1: text(address, 'address1'),
        address2: text(address, 'address2'),
        city: text(address, 'city'),
        zip: text(address, 'zip'),
        province: text(address, 'province'),
        province_code: text(address, 'provinceCode'),
        country: text(address, 'country'),
        country_code: text(address, 'countryCodeV2'),
        phone: text(address, 'phone'),
        default: defaultId !== undefined && address.optionalText('id') === defaultId,
      })),
    }),
  }
}

/** A contact whose owner was never asked is `NOT_SUBSCRIBED`, by no level and at no time. */
function consent(contact: Reader | undefined): Words {
  if (contact === undefined || !contact.has('marketingState')) return null
  return {
    state: lower(contact, 'marketingState'),
    opt_in_level: lower(contact, 'marketingOptInLevel'),
    consent_updated_at: text(contact, 'marketingUpdatedAt'),
  }
}
