import type { ListState } from './fold/keyed-list.ts'
import type { PlainObject } from './plain.ts'
import { checkGtin, checkSku } from './policy/check.ts'

/**
 * Who is the same person, and what is the same thing: connected components of one merchant's records. The only evidence
 * so far is an equal e-mail address; for variants of products an equal GTIN or SKU.
 */

/**
 * What two records of one merchant must share to be one person: the merchant and the normalised address, as
 * `merchant|address`. Undefined for what is no address. Addresses that name no person (relays, roles, placeholders)
 * are to be left out here.
 */
export function emailKey(merchantId: string, email: unknown): string | undefined {
  if (typeof email !== 'string') return undefined
  const address = email.trim().normalize('NFC').toLowerCase().normalize('NFC')
  const at = address.lastIndexOf('@')
  return at > 0 && at < address.length - 1 ? `${merchantId}|${address}` : undefined
}

/** So many variants of one product with one number, and it is no variant's number any more. */
const mostHolders = 20

/**
 * What variants of one merchant's products must share to be one thing, as `merchant|gtin|…` and `merchant|sku|…`, by
 * the key of each variant, also of former ones. A number that two present variants of the product have says which
 * product they are of, but not which variant: it is left out.
 */
export function variantKeys(product: {
  readonly merchantId: string
  readonly lists: Readonly<Record<string, ListState>>
}): Map<string, string[]> {
  const { elements, former } = product.lists['variants'] ?? { elements: new Map(), former: new Map() }
  const numbers = new Map(
    [...former, ...elements].map(([key, { value }]) => [key, numbersOf(product.merchantId, value)]),
  )
  const holders = new Map<string, { all: number; present: number }>()
  for (const [key, ofVariant] of numbers) {
    for (const number of ofVariant) {
      const count = holders.get(number) ?? { all: 0, present: 0 }
      holders.set(number, { all: count.all + 1, present: count.present + (elements.has(key) ? 1 : 0) })
    }
  }
  const says = (number: string) => {
    const count = holders.get(number)
    return count !== undefined && count.present <= 1 && count.all <= mostHolders
  }
  return new Map([...numbers].map(([key, ofVariant]) => [key, ofVariant.filter(says)]))
}

function numbersOf(merchantId: string, { sku, barcode }: PlainObject): string[] {
  const [gtin, unit] = [checkGtin(barcode ?? null, nowhere), checkSku(sku ?? null, nowhere)]
  return [
    ...(gtin.ok ? [`${merchantId}|gtin|${gtin.value}`] : []),
    ...(unit.ok ? [`${merchantId}|sku|${unit.value}`] : []),
  ]
}
const nowhere = { country: undefined }

/** Sets that grow together: joins things that are linked and tells what is connected. */
export class Components {
  readonly #parents = new Map<string, string>()

  add(thing: string): void {
    if (!this.#parents.has(thing)) this.#parents.set(thing, thing)
  }

  link(one: string, other: string): void {
    const [root, ...others] = [this.rootOf(one), this.rootOf(other)].sort()
    for (const each of others) this.#parents.set(each, root ?? each)
  }

  /** One thing that stands for all it is connected with. */
  rootOf(thing: string): string {
    this.add(thing)
    let root = thing
    for (
      let parent = this.#parents.get(root);
      parent !== undefined && parent !== root;
      parent = this.#parents.get(root)
    ) {
      root = parent
    }
    for (let at = thing; at !== root; ) {
      const parent = this.#parents.get(at) ?? root
      this.#parents.set(at, root)
      at = parent
    }
    return root
  }
}
