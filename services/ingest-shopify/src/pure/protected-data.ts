import type { Reader } from '@varai/ingest/pure'

/**
 * Whether nulls in a document mean "empty" for its personal fields; `keys` are those that any real document has one
 * of. An app without access to protected customer data gets null for names, addresses, phones and e-mails, and null
 * then means "redacted": not stated, or it would empty a field that the shop still has. So nulls count only in a
 * document that states at least one personal field, which proves the access: every real customer has a name, an e-mail
 * or a phone, because Shopify accepts none without. By the same rule, what Shopify anonymised after an erasure says
 * nothing instead of "empty".
 *
 * An app that was granted some personal fields and refused others cannot be told from a shop that left those empty;
 * its grants would have to be configured.
 */
export const seesPersonalData = (of: Reader, keys: readonly string[]): boolean => keys.some((key) => of.has(key))
