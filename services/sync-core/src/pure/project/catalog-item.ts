import { type DecimalForm, type Form, type Forms, formsOf, toStored } from '../form.ts'
import { productKind } from '../kinds.ts'
import type { Plain } from '../plain.ts'
import { concerning, type DecisionAbout } from '../policy/decide.ts'
import type { GroupRule } from '../policy/policy.ts'
import { settle } from '../policy/settle.ts'
import { memberOf, type Offer } from './offer.ts'
import { type Ignored, sameThings, type Thing } from './same-thing.ts'
import { bySeniority } from './seniority.ts'
import { type Shown, show } from './show.ts'
import { dateOf, storedShown } from './stored.ts'

/** An item of a merchant's catalogue, or the redirect that stands where another offer of it names it. Times in ms. */
export type ItemContent = LiveItem | { readonly redirectTo: string }

export type LiveItem = Shown & {
  /** True when no store offers it any more. */
  readonly deleted: boolean
  /** The making of the first product it was offered as. */
  readonly createdAt: number | null
  /** What each store says for itself, and what its price is. */
  readonly offers: readonly ShownOffer[]
  /** All offers, also former ones. */
  readonly members: readonly string[]
  readonly identity: {
    /** Numbers that two of the members share. */
    readonly by: readonly string[]
    /** Numbers that members have, but that did not count. */
    readonly ignored: readonly Ignored[]
  }
}
export type ShownOffer = {
  readonly id: string
  readonly platform: string
  readonly storeId: string
  readonly productId: string
  readonly variantId: string
  readonly status: Plain
  readonly url: Plain
  readonly sku: Plain
  readonly inventoryItemId: Plain
  readonly price: Plain
  readonly compareAtPrice: Plain
  readonly currency: Plain
  /** Since when the variant is as it is. */
  readonly since: number | null
}

/**
 * The document of each offer, by its id: the item under one of those that are the same thing, redirects under the
 * others. The item's id is that of the offer of the smallest (product's createdAt, id), former ones included.
 */
export function projectCatalog(
  offers: readonly Offer[],
  rules: readonly GroupRule[],
  decisions: readonly DecisionAbout[] = [],
): Map<string, ItemContent> {
  const documents = new Map<string, ItemContent>()
  for (const thing of sameThings(offers)) {
    const [head, ...others] = [...thing.offers].sort(bySeniority)
    if (head === undefined) continue
    documents.set(head.id, itemOf(thing, rules, concerning(decisions, thing.offers)))
    for (const { id } of others) documents.set(id, { redirectTo: head.id })
  }
  return documents
}

function itemOf(
  { offers, ignored }: Thing,
  rules: readonly GroupRule[],
  decisions: readonly DecisionAbout[],
): LiveItem {
  const ordered = [...offers].sort((one, other) => (one.id < other.id ? -1 : 1))
  const living = ordered.filter((offer) => offer.living)
  const births = ordered.map(({ createdAt }) => createdAt).filter((at) => at !== null)
  const left = new Set(ignored.map(({ key }) => key))
  const holders = Map.groupBy(
    ordered.flatMap(({ keys }) => keys.filter((key) => !left.has(key))),
    (key) => key,
  )
  return {
    deleted: living.length === 0,
    createdAt: births.length > 0 ? Math.min(...births) : null,
    offers: living.map(offerOf),
    members: ordered.map(({ id }) => id),
    identity: {
      by: [...holders]
        .filter(([, all]) => all.length > 1)
        .map(([key]) => key)
        .sort(),
      ignored,
    },
    ...show(settle(living.map(memberOf), rules, decisions)),
  }
}

function offerOf(offer: Offer): ShownOffer {
  const { id, product, variantId, variant } = offer
  const { status = null, url = null, currency = null } = product.registers.values
  const { sku = null, inventoryItemId = null, price = null, compareAtPrice = null } = variant
  return {
    ...{ id, platform: product.platform, storeId: product.storeId, productId: product.platformId, variantId },
    ...{ status, url, sku, inventoryItemId, price, compareAtPrice, currency },
    since: memberOf(offer).sinceOf('price')?.at ?? null,
  }
}

/** Forms of what items show: a product's fields, and those of its variants. */
export function itemForms(): Forms {
  const forms = formsOf(productKind.record)
  const variants = forms.get('variants')
  const own = variants?.is === 'list' && variants.of.is === 'record' ? variants.of.fields : new Map<string, Form>()
  return new Map([...forms, ...own, ['variantTitle', own.get('title') ?? { is: 'same' }]])
}

/** An item's document as the database keeps it. */
export function storedItem(content: ItemContent, decimal: DecimalForm): Record<string, unknown> {
  if ('redirectTo' in content) return content
  const { deleted, createdAt, offers, members, identity } = content
  const forms = itemForms()
  const storedOffer = ({ since, ...offer }: ShownOffer) => ({
    ...Object.fromEntries(
      Object.entries(offer).map(([name, value]) => [name, toStored(value, forms.get(name) ?? { is: 'same' }, decimal)]),
    ),
    since: dateOf(since),
  })
  return {
    deleted,
    createdAt: dateOf(createdAt),
    offers: offers.map(storedOffer),
    members,
    identity,
    ...storedShown(content, forms, decimal),
  }
}
