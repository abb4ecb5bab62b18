import { frameTerms, type ProductStated } from '@varai/schemas'
import { type FactRef, factRef, isNewer, type Stated, unusable } from './fact.ts'
import { type Moment, momentOf } from './moment.ts'

export const attributes = ['frameShape', 'frameMaterial', 'frameColor', 'lensType'] as const
/** By what frames are told apart. */
export type Attribute = (typeof attributes)[number]

/** What a store says of a product's frame: trimmed, in lower case, the first 80 characters. */
export type ProductFields = { [Name in Attribute]: string | null }
export type ProductStatement = { of: FactRef; moment: Moment; fields: Partial<ProductFields> }

/** Products stay what they were when they are gone: what was sold of them stays sold. */
export type ProductFact = FactRef & { stated: { readonly [Name in Attribute]?: Stated<string | null> } }

type Read = { ok: true; statement: ProductStatement } | { ok: false; reason: string }

export function statedProduct(product: ProductStated): Read {
  const reason = unusable(product)
  if (reason !== undefined) return { ok: false, reason }
  const said = attributes.filter((name) => product[name] !== null || product.cleared.includes(name))
  const fields = Object.fromEntries(said.map((name) => [name, plain(product[name])]))
  return { ok: true, statement: { of: factRef(product), moment: momentOf(product), fields } }
}

const plain = (text: string | null): string | null => text?.trim().toLowerCase().slice(0, 80) || null

/** Adds statements about one product, at least one; `held` itself when they change nothing. */
export function foldProduct(held: ProductFact | undefined, statements: readonly ProductStatement[]): ProductFact {
  const [first] = statements
  if (first === undefined) throw new RangeError('nothing to fold')
  return statements.reduce(add, held ?? { stated: {}, ...first.of })
}

function add(held: ProductFact, { fields, moment }: ProductStatement): ProductFact {
  const newer = attributes.flatMap((name) => {
    const value = fields[name]
    return value !== undefined && isNewer({ value, moment }, held.stated[name]) ? [[name, { value, moment }]] : []
  })
  return newer.length === 0 ? held : { ...held, stated: { ...held.stated, ...Object.fromEntries(newer) } }
}

/** What is known of the frame: by the terms of the catalogue, by the store's own words where these mean none of them. */
export const frameOf = ({ stated }: ProductFact): Partial<Record<Attribute, string>> =>
  Object.fromEntries(
    attributes.flatMap((name) => {
      const said = stated[name]?.value
      return said ? [[name, frameTerms[name](said) ?? said]] : []
    }),
  )

/** Whether both say the same of the frame; of what is not known, nothing is said. */
export function isSameFrame(one: ProductFact | undefined, other: ProductFact): boolean {
  const [before, after] = [one === undefined ? {} : frameOf(one), frameOf(other)]
  return attributes.every((name) => before[name] === after[name])
}
