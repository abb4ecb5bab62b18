import { fc, test } from '@fast-check/vitest'
import { getCountries, getExampleNumber } from 'libphonenumber-js'
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' }
import { describe, expect } from 'vitest'
import { maskContacts } from './mask-contacts.ts'

const words = fc.stringMatching(/^[a-zäöü]{1,8}( [a-zäöü]{1,8}){0,3}$/)
const digitsOf = (text: string) => text.replaceAll(/\D/g, '')
/** Of all countries; `%` written with a plus and spaces, as one word, and as the country itself writes it. */
const phone = fc
  .tuple(fc.constantFrom(...getCountries()), fc.constantFrom('INTERNATIONAL', 'E.164', 'RFC3966'))
  .map(([country, format]) => getExampleNumber(country, examples)?.format(format as 'E.164') ?? '+491701234567')

test.prop([words, phone, words], { numRuns: 1_000 })('phone numbers of every country', (before, number, after) => {
  const masked = maskContacts(`${before} ${number} ${after}`)
  expect(digitsOf(masked).length).toBeLessThan(5)
  expect(masked.startsWith(before) && masked.endsWith(after)).toBe(true)
})

const nationalNumber = fc.constantFrom(
  ...['0170 1234567', '(0)89 / 123 456 78', '030-1234567-89', '06 12 34 56 78', '06.12.34.56.78', '(415) 555-2671'],
  ...['415-555-2671', '020 7946 0958', '090-1234-5678', '0043 664 1234567', '٠٥٠١٢٣٤٥٦٧', '０９０１２３４５６７８'],
)
test.prop([words, nationalNumber])('phone numbers that do not name their country', (before, number) => {
  const masked = maskContacts(`${before} ${number}`)
  expect(digitsOf(masked.normalize('NFKC')).length).toBeLessThan(5)
  expect(masked).not.toMatch(/\p{Nd}{5}/u)
})

const address = fc.oneof(
  fc.emailAddress(),
  fc.constantFrom('lena@example.com', 'lena.o+x@mail.internal', 'ленa@пример.рф', 'lena@[10.0.0.1]', 'lena@localhost'),
)
test.prop([words, address], { numRuns: 500 })('e-mail addresses', (before, mail) => {
  const masked = maskContacts(`${before} ${mail}`)
  expect(masked).toContain('[email]')
  expect(masked).not.toContain('@')
})

test.each([
  'lena at example dot com',
  'lena [at] example.com',
  'lena (at) example (dot) com',
  'l\u200bena@exam\u200bple.com',
])('an address as %s', (mail) => {
  expect(maskContacts(`write to ${mail} please`)).toBe('write to [email] please')
})

/** Digits with their check digit, as the networks give them out. */
const card = fc
  .tuple(fc.constantFrom('4', '51', '2221', '34', '6011', '3528', '62'), fc.integer({ min: 13, max: 19 }), fc.nat())
  .map(([prefix, length, seed]) => {
    const body =
      prefix +
      String(seed)
        .padStart(length, '7')
        .slice(-(length - 1 - prefix.length))
    const weighed = [...body].toReversed().map((digit, at) => (at % 2 === 0 ? Number(digit) * 2 : Number(digit)))
    const sum = weighed.reduce((all, digit) => all + (digit > 9 ? digit - 9 : digit), 0)
    return body + String((10 - (sum % 10)) % 10)
  })
test.prop([words, card, fc.constantFrom('', ' ', '-'), words], { numRuns: 500 })(
  'payment cards',
  (before, digits, by, after) => {
    const written = digits.match(/.{1,4}/g)?.join(by) ?? digits
    expect(maskContacts(`${before} ${written} ${after}`)).toBe(`${before} [card] ${after}`)
  },
)

test.prop([fc.string({ unit: 'grapheme', maxLength: 200 })])('masking twice changes nothing', (text) => {
  const once = maskContacts(text)
  expect(maskContacts(once)).toBe(once)
})

describe('what is no contact stays', () => {
  test.each([
    'I am looking for a light round frame for 200 to 300 euros.',
    'Size 52-18-140, PD 62.5, OD -1.25 -0.50 180, OS -1.00',
    'On 2026-11-24 at 10:30, or 24.12.2026?',
    'Look at the second one. Dot pattern, please.',
    'Order #1001 cost 1.299,00 EUR',
    'Ray-Ban RB2140 901 50',
  ])('%s', (text) => {
    expect(maskContacts(text)).toBe(text)
  })
})
