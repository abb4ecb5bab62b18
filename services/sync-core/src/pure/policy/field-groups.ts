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

export const documents = ['users', 'catalog'] as const
export type CanonicalDocument = (typeof documents)[number]

/**
 * Fields that belong together and have one winner: a name is never put together from two stores, nor a price from one
 * and its currency from another.
 */
export type FieldGroup = {
  readonly name: string
  readonly fields: readonly string[]
  /** What members' values become when they are merged: one of them, all elements, the newest of each key, … */
  readonly merges: 'one' | 'set' | 'map' | 'addresses' | 'opt_out'
  /** How a field's value, or an element of it, is checked and brought into one form. None: compared as it is. */
  readonly checks: Readonly<Record<string, Check>>
  /** Stores may mean to differ. */
  readonly perStore?: true
}

const group = (
  name: string,
  fields: readonly string[],
  merges: FieldGroup['merges'],
  checks: FieldGroup['checks'] = {},
): FieldGroup => ({ name, fields, merges, checks })

const one = (field: string, check?: Check): FieldGroup =>
  group(field, [field], 'one', check === undefined ? {} : { [field]: check })
const set = (field: string, check: Check): FieldGroup => group(field, [field], 'set', { [field]: check })

const sizes = ['lensWidthMm', 'bridgeWidthMm', 'templeLengthMm', 'lensHeightMm', 'frameWidthMm'] as const

/** Every group of each document, in the order in which documents show them. */
export const fieldGroups: Readonly<Record<CanonicalDocument, readonly FieldGroup[]>> = {
  users: [
    group('name', ['firstName', 'lastName'], 'one', { firstName: checkText, lastName: checkText }),
    one('email', checkEmail),
    one('phone', checkPhone),
    one('locale', checkLocale),
    // the level and the time of a consent are its proof: they never come from another store than the consent
    group('acceptsMarketing', ['acceptsMarketing', 'marketingOptInLevel', 'marketingConsentAt'], 'opt_out'),
    group('preferences', ['preferences'], 'map'),
    set('tags', checkText),
    group('addresses', ['addresses'], 'addresses', { addresses: checkAddress }),
  ],
  catalog: [
    one('sku', checkSku),
    one('barcode', checkGtin),
    one('title', checkText),
    one('variantTitle', checkText),
    one('description', checkText),
    one('vendor', checkText),
    one('productType', checkText),
    one('images', checkImages),
    set('tags', checkText),
    one('frameShape', checkFrameShape),
    one('frameMaterial', checkFrameMaterial),
    one('frameColor', checkFrameColor),
    one('lensType', checkLensType),
    group('sizes', sizes, 'one', Object.fromEntries(sizes.map((size) => [size, checkMillimetres]))),
    set('recommendedFaceShapes', checkFaceShape),
    { ...group('price', ['price', 'compareAtPrice', 'currency'], 'one', { currency: checkCurrency }), perStore: true },
  ],
}
