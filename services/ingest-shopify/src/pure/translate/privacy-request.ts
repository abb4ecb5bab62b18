import { type PrivacyAsk, type Reader, type RequestSubject, read, type Translation } from '@varai/ingest/pure'

/** Someone wants to see their data. The answer goes to the merchant, not to Shopify. */
export function translateDataRequest(body: unknown): Translation<PrivacyAsk> {
  const asked = read(body)
  const id = asked.child('data_request')?.optionalId('id')
  return asked.result({ kind: 'data_request', id, ...readPerson(asked, 'orders_requested') })
}

/**
 * Someone's data is to be erased: of this customer record and these orders of this shop. Comes as well for the record
 * that a merge of two customers left behind.
 */
export function translateCustomerRedaction(body: unknown): Translation<PrivacyAsk> {
  const asked = read(body)
  return asked.result({ kind: 'customer_redact', ...readPerson(asked, 'orders_to_redact') })
}

/** Everything of the shop is to be erased; comes 48 hours after it removed the app. */
export function translateShopRedaction(body: unknown): Translation<PrivacyAsk> {
  const asked = read(body)
  // The shop is the one that the headers name; that it states its id tells this from a body of something else.
  asked.id('shop_id')
  return asked.result({ kind: 'shop_redact', subject: { is: 'store' }, facts: {} })
}

/** A customer by id, or by the e-mail alone: that of a guest. */
function readPerson(asked: Reader, ordersKey: string): Pick<PrivacyAsk, 'subject' | 'facts'> {
  const customer = asked.child('customer')
  const customerId = customer?.optionalId('id')
  const email = customer?.optionalText('email')
  if (customerId === undefined && email === undefined) asked.fail('customer', 'has neither an id nor an e-mail')
  const subject: RequestSubject =
    customerId === undefined ? { is: 'guest', email: email ?? '' } : { is: 'customer', id: customerId }
  return {
    subject,
    facts: { customerId, email, phone: customer?.optionalText('phone'), orderIds: asked.ids(ordersKey) },
  }
}
