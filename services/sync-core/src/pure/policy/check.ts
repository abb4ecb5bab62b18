import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js'
import { isPlainObject, type Plain, type PlainObject, toPlainObject } from '../plain.ts'

/** What a value is after normalising, or why it is none. Reasons name what is wrong, never the value. */
export type Checked = { readonly ok: true; readonly value: Plain } | { readonly ok: false; readonly problem: string }
export type Check = (value: Plain, around: Around) => Checked
/** What is known of who states a value. */
export type Around = { readonly country: string | undefined }

const good = (value: Plain): Checked => ({ ok: true, value })
const bad = (problem: string): Checked => ({ ok: false, problem })

/** A check of text; what is no text fails. */
const ofText =
  (check: (text: string, around: Around) => Checked): Check =>
  (value, around) =>
    typeof value === 'string' ? check(value.normalize('NFC').trim(), around) : bad('is no text')

/** Any text, without the blanks around it. */
export const checkText: Check = ofText(good)

/** Something before one @, and a domain of at least two labels after it; in lower case, as identity compares it. */
export const checkEmail: Check = ofText((text) => {
  const at = text.lastIndexOf('@')
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)]
  const isLocal = at > 0 && local.length <= 64 && (/^"[^"]*"$/.test(local) || /^[^\s@"(),:;<>[\]\\]+$/u.test(local))
  const isDomain =
    domain.length <= 253 && /^([\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}][\p{L}\p{N}-]+$/u.test(domain)
  return isLocal && isDomain ? good(text.toLowerCase()) : bad('is no e-mail address')
})

/** A number that its country's plan knows, as E.164; one without a prefix is read in the country of its owner. */
export const checkPhone: Check = ofText((text, { country }) => {
  const home = country !== undefined && isSupportedCountry(country) ? country : undefined
  const read = parsePhoneNumberFromString(
    text,
    home === undefined ? { extract: false } : { defaultCountry: home, extract: false },
  )
  if (read?.isValid()) return good(read.number)
  return bad(home === undefined && !text.startsWith('+') ? 'is a number without a country' : 'is no telephone number')
})

const currencies = new Set(Intl.supportedValuesOf('currency'))
/** ISO 4217. */
export const checkCurrency: Check = ofText((text) =>
  currencies.has(text.toUpperCase()) ? good(text.toUpperCase()) : bad('is no currency of ISO 4217'),
)

/** A language as BCP 47 writes it; `de_at` is `de-AT`. */
export const checkLocale: Check = ofText((text) => {
  try {
    const [locale] = Intl.getCanonicalLocales(text.replaceAll('_', '-'))
    return locale === undefined ? bad('is no language') : good(locale)
  } catch {
    return bad('is no language')
  }
})

/** An http(s) address; in the one form that its parser gives it. */
const checkUrl: Check = ofText((text) => {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.username === ''
    ? good(url.href)
    : bad('is no http(s) address')
})

/** Pictures that a browser could load; others are left out, as long as there is one. */
export const checkImages: Check = (value, around) => {
  const all: readonly Plain[] = Array.isArray(value) ? value : []
  const images = all.filter((image) => isPlainObject(image) && checkUrl(toPlainObject(image)['src'] ?? null, around).ok)
  return images.length > 0 ? good(images) : bad('has no picture with an http(s) address')
}

/** Words that shops write where a product has no number. */
const noSku = new Set([
  'N/A',
  'NA',
  'NONE',
  'NULL',
  'UNDEFINED',
  'DEFAULT',
  'SKU',
  'TBD',
  'TBA',
  'TEST',
  'UNKNOWN',
  'X',
  '?',
])

/** A stock keeping unit: upper case, single blanks; not what stands for "none", nor what holds no letter or digit. */
export const checkSku: Check = ofText((text) => {
  const sku = text.toUpperCase().replaceAll(/\s+/gu, ' ')
  if (!/[\p{L}\p{N}]/u.test(sku) || /^0+$/.test(sku) || noSku.has(sku)) return bad('stands for no number')
  return sku.length <= 255 ? good(sku) : bad('is longer than 255 characters')
})

/**
 * GTIN-8, -12 (UPC), -13 (EAN) or -14 with a right check digit, as 14 digits. Numbers that a shop gives out by itself
 * (GS1 prefixes 02, 04 and 2) name nothing outside it.
 */
export const checkGtin: Check = ofText((text) => {
  const digits = text.replaceAll(/[\s-]/g, '')
  if (!/^(\d{8}|\d{12,14})$/.test(digits)) return bad('is no GTIN: those have 8, 12, 13 or 14 digits')
  const gtin = digits.padStart(14, '0')
  const sum = [...gtin].reduce((all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 3 : 1), 0)
  if (sum % 10 !== 0 || /^0+$/.test(gtin)) return bad('is no GTIN: its check digit is wrong')
  const isLocal = digits.length === 8 ? /^[02]/.test(digits) : /^.(2|02|04)/.test(gtin)
  return isLocal ? bad('is a number of the shop’s own, no GTIN') : good(gtin)
})

/** A length that a part of spectacles can have. */
export const checkMillimetres: Check = (value) => {
  const length = Number(value)
  return Number.isFinite(length) && length >= 1 && length <= 250
    ? good(String(value))
    : bad('is no length of 1 to 250 mm')
}

/** Something that a letter could reach. */
export const checkAddress: Check = (value) => {
  if (!isPlainObject(value)) return bad('is no address')
  const says = (name: string) => typeof value[name] === 'string' && value[name].trim() !== ''
  if (!says('address1') && !says('city') && !says('zip')) return bad('names neither a street nor a place')
  if (says('countryCode') && !/^[A-Za-z]{2}$/.test(String(value['countryCode']).trim()))
    return bad('has no country of ISO 3166')
  return good(addressWords(value))
}

/** An address without what is no part of where it leads: the platform's id, and whether it is the usual one. */
export function addressWords(address: Readonly<Record<string, unknown>>): PlainObject {
  const words: { [name: string]: Plain } = {}
  for (const [name, value] of Object.entries(address)) {
    if (name === 'id' || name === 'isDefault' || typeof value !== 'string') continue
    const text = value.normalize('NFC').trim().replaceAll(/\s+/gu, ' ').toLowerCase()
    if (text !== '') words[name] = text
  }
  return words
}
