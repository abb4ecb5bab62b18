import { findPhoneNumbersInText } from 'libphonenumber-js'

const masks = { email: '[email]', phone: '[phone]', card: '[card]', number: '[number]' } as const

/**
 * Anything around an @, whatever its top-level domain, and the ways of writing it that people use against machines.
 * Repetitions have bounds: a text of a shopper's choice must not make matching slow.
 */
const email = /[^\s@<>()[\],;:"]{1,64}@(?:[^\s@<>()[\]{},;:"'|]{1,255}|\[[^\s\]]{0,64}\])/gu
const inBrackets = (word: string) => String.raw`\s{0,3}[[({]\s{0,3}(?:${word})\s{0,3}[\])}]\s{0,3}`
const at = inBrackets('at|ät')
const dot = `${inBrackets('dot|punkt|point|punto')}|\\s{1,3}(?:dot|punkt|point|punto)\\s{1,3}`
const word = String.raw`[\p{L}\p{N}-]{1,64}`
const spelledEmails = [
  new RegExp(`[\\p{L}\\p{N}._+-]{1,64}(?:${at})${word}(?:(?:${dot}|\\.)${word}){1,8}`, 'giu'),
  new RegExp(`[\\p{L}\\p{N}._+-]{1,64}\\s{1,3}at\\s{1,3}${word}(?:\\.${word}){0,8}(?:${dot})\\p{L}{2,24}`, 'giu'),
]

/** Digits with single signs or spaces between them. */
const digitRun = /(?<![\d.,])\+?\(?\d(?:[ \t./()\-–]{0,3}\d)+/gu
const fiveDigits = /(?:\d\D*){5}/
/** The fewest digits that a number with an area code has in practice; shorter ones reach nobody by themselves. */
const numberDigits = 9
const date = /^(?:19|20)\d\d-\d\d-\d\d(?:[ T]\d\d?)?$/

/**
 * Text of a conversation without what one could reach or charge somebody with: e-mail addresses, phone numbers of all
 * countries, payment cards, and any other number of nine digits or more, since a phone number without its country looks
 * like any other. Sizes, prices, prescriptions and dates stay. Digits of any script become 0 to 9; characters that
 * nobody sees are gone. Masking masked text changes nothing.
 */
export function maskContacts(text: string): string {
  const seen = plainDigits(
    text.replaceAll(/\p{Cf}|\p{Default_Ignorable_Code_Point}/gu, '').replaceAll(/[\p{Zs}]/gu, ' '),
  )
  const mailless = [email, ...spelledEmails].reduce((text, form) => text.replaceAll(form, masks.email), seen)
  // Looking for phone numbers is slow, and most texts have too few digits for one.
  if (!fiveDigits.test(mailless)) return mailless
  const cardless = mailless.replaceAll(digitRun, (run) => (isCard(run) ? masks.card : run))
  return maskPhones(cardless).replaceAll(digitRun, (run, at, whole) =>
    isNumber(run) && !isModel(run, whole.charAt(at - 1)) ? masks.number : run,
  )
}

function maskPhones(text: string): string {
  // Without a country only numbers that name theirs are found; the rest is left to their length.
  const found = findPhoneNumbersInText(text)
  let masked = text
  for (const { startsAt, endsAt } of found.toReversed()) {
    masked = `${masked.slice(0, startsAt)}${masks.phone}${masked.slice(endsAt)}`
  }
  return masked
}

const digitsOf = (text: string): string => text.replaceAll(/\D/g, '')

function isCard(run: string): boolean {
  const digits = digitsOf(run)
  return digits.length >= 13 && digits.length <= 19 && passesLuhn(digits)
}

/** The check digit that all payment cards have. */
function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits.at(-1 - at))
    const weighed = at % 2 === 0 ? digit : digit * 2
    sum += weighed > 9 ? weighed - 9 : weighed
  }
  return sum % 10 === 0
}

function isNumber(run: string): boolean {
  return digitsOf(run).length >= numberDigits && !date.test(run) && !isSizes(run)
}

/** "52.5 18.0 145", "-1.25 -0.50 180": short numbers, at least one of them with a fraction. */
function isSizes(run: string): boolean {
  const parts = run.split(/[ /]+/)
  const sizes = parts.every((part) => /^-?(?:0|[1-9]\d{0,2})(?:\.\d{1,2})?-?$/.test(part))
  return parts.length > 1 && sizes && parts.some((part) => /\.\d/.test(part))
}

/** "RB2140 901 50": a maker's code with colour and size behind it; phone numbers seldom cling to a word. */
const isModel = (run: string, before: string): boolean =>
  /\p{L}/u.test(before) && /^[1-9]\d{0,4} /.test(run) && digitsOf(run).length <= 11

/** Digits of other scripts lie in tens, in order; their values follow from where the ten begins. */
function plainDigits(text: string): string {
  return text.replaceAll(/(?![0-9])\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0
    let before = 0
    while (/^\p{Nd}$/u.test(String.fromCodePoint(code - before - 1))) before += 1
    return String(before % 10)
  })
}
