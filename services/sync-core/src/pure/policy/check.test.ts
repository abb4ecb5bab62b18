import { describe, expect, test } from 'vitest'
import type { Plain } from '../plain.ts'
import {
  type Check,
  checkAddress,
  checkCurrency,
  checkEmail,
  checkGtin,
  checkImages,
  checkLocale,
  checkMillimetres,
  checkPhone,
  checkSku,
  checkText,
} from './check.ts'
import {
  checkFaceShape,
  checkFrameColor,
  checkFrameMaterial,
  checkFrameShape,
  checkLensType,
} from './frame-taxonomy.ts'

const formOf = (check: Check, value: Plain, country?: string) => {
  const checked = check(value, { country })
  return checked.ok ? checked.value : undefined
}

describe.each<[string, Check, readonly [Plain, Plain][], readonly Plain[]]>([
  ['text', checkText, [[' jose\u0301 ', 'jos\u00e9']], [7, null, ['x']]],
  [
    'an e-mail address',
    checkEmail,
    [
      [' Ann@Example.AT ', 'ann@example.at'],
      ['"odd local"@x.at', '"odd local"@x.at'],
      ['ann@bücher.example', 'ann@bücher.example'],
    ],
    ['ann', 'ann@', '@x.at', 'ann@localhost', 'a b@x.at', 'ann@x..at', `${'a'.repeat(65)}@x.at`],
  ],
  [
    'a currency',
    checkCurrency,
    [
      ['EUR', 'EUR'],
      ['usd ', 'USD'],
    ],
    ['€', 'Euro', 'XXY', ''],
  ],
  [
    'a language',
    checkLocale,
    [
      ['de_at', 'de-AT'],
      ['EN', 'en'],
    ],
    ['not a language', '-'],
  ],
  [
    'pictures',
    checkImages,
    [
      [[{ src: 'https://x.at/a.png' }], [{ src: 'https://x.at/a.png' }]],
      [
        [{ src: 'javascript:alert(1)' }, { src: ' HTTP://x.at/b.png', alt: 'b' }],
        [{ src: ' HTTP://x.at/b.png', alt: 'b' }],
      ],
    ],
    [[], [{ src: 'a.png' }], [{ src: 'https://me:secret@x.at/a.png' }], [{ alt: 'a' }], 'https://x.at/a.png'],
  ],
  [
    'a SKU',
    checkSku,
    [
      [' ab-1  x ', 'AB-1 X'],
      ['ß7', 'SS7'],
    ],
    ['', '-', 'n/a', 'None', '000', 'tbd', 'x'.repeat(256)],
  ],
  [
    'a GTIN',
    checkGtin,
    [
      ['4006381333931', '04006381333931'],
      ['036000291452', '00036000291452'],
      ['96385074', '00000096385074'],
      ['1 0614141 00041 5', '10614141000415'],
    ],
    ['4006381333930', '40063813339', '0000000000000', '2012345678900', 'abc', '20123451'],
  ],
  [
    'a length',
    checkMillimetres,
    [
      ['52', '52'],
      ['17.5', '17.5'],
    ],
    ['0', '520', 'wide', null],
  ],
  [
    'a shape of frames',
    checkFrameShape,
    [
      ['Cat Eye', 'cat-eye'],
      ['ROUND', 'round'],
      ['runde Form, rund', 'round'],
      ['Rechteckig', 'rectangle'],
    ],
    ['', 'ring', 'bold', 3],
  ],
  [
    'a material',
    checkFrameMaterial,
    [
      ['Stainless-Steel', 'stainless-steel'],
      ['Acetat / Titan', 'acetate/titanium'],
      ['TR90', 'nylon'],
    ],
    ['glass'],
  ],
  [
    'a colour',
    checkFrameColor,
    [
      ['Rose Gold', 'rose-gold'],
      ['schwarz/gold', 'black/gold'],
      ['Dark Grün', 'green'],
      ['Écaille', 'tortoise'],
    ],
    ['nice'],
  ],
  ['a kind of lenses', checkLensType, [['Blue Light Filter', 'blue-light']], ['thick']],
  ['a shape of faces', checkFaceShape, [['Herzförmig', 'heart']], ['nice']],
])('%s', (_, check, good, bad) => {
  test.each(good)('%j is %j', (value, form) => {
    expect(formOf(check, value)).toEqual(form)
  })
  test.each(bad)('%j is none', (value) => {
    expect(formOf(check, value)).toBeUndefined()
  })
})

describe('a telephone number', () => {
  test.each([
    ['+43 1 5880 1370', undefined, '+43158801370'],
    ['+49 (0)30 901820', undefined, '+4930901820'],
    ['030 901820', 'DE', '+4930901820'],
    ['01 588013700', 'AT', '+431588013700'],
  ])('%j in %s is %s', (text, country, form) => {
    expect(formOf(checkPhone, text, country)).toBe(form)
  })
  test.each([
    ['030 901820', undefined],
    ['030 901820', 'no country'],
    ['+43 1', undefined],
    ['call me', 'DE'],
  ])('%j in %s is none', (text, country) => {
    expect(formOf(checkPhone, text, country)).toBeUndefined()
  })
})

describe('an address', () => {
  const wien = { id: '7', address1: 'Ring 1', city: 'Wien', countryCode: 'AT' }
  test('is compared without its id, case and blanks', () => {
    const again = { address1: ' RING  1', city: 'wien', countryCode: 'at', isDefault: true }
    expect(formOf(checkAddress, again)).toEqual(formOf(checkAddress, wien))
    expect(formOf(checkAddress, { ...wien, city: 'Graz' })).not.toEqual(formOf(checkAddress, wien))
  })
  test.each([{}, { company: 'X' }, { ...wien, countryCode: 'Austria' }, 'Ring 1'])('%j is none', (value) => {
    expect(formOf(checkAddress, value)).toBeUndefined()
  })
})
