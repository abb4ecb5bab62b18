import { type CanonicalDocument, type FieldGroup, fieldGroups } from './field-groups.ts'
import { type AddressRules, type NobodyBy, nobodyBy } from './nobody.ts'

export const strategies = ['source_priority', 'last_write_wins', 'merge_with_validation', 'manual_review'] as const
export type Strategy = (typeof strategies)[number]
/** Of which a policy may choose one that settles between values that are one or the other. */
export const choosing = ['source_priority', 'last_write_wins', 'manual_review'] as const
export type Choosing = (typeof choosing)[number]

/** How one group of fields is settled. */
export type Rule = {
  /** `per_store`: every store keeps its own. */
  readonly strategy: Strategy | 'per_store'
  /** After merge_with_validation, for values of which one must be chosen. */
  readonly choose: Choosing
  /** Platforms, or single stores as `platform/store`, the most trusted first. What is not listed comes after all. */
  readonly priority: readonly string[]
}
export type GroupRule = { readonly group: FieldGroup; readonly rule: Rule }

/** Rules by the name of their group. */
export type Rules = Readonly<Record<string, Rule>>
export type DocumentRules = Readonly<Record<CanonicalDocument, Rules>>
/** All that a policy says of one merchant. */
export type MerchantRules = DocumentRules & { readonly identity: AddressRules }

/** A whole policy: every group of every document has a rule. */
export type Policy = {
  /** What was made by an older version never replaces what was made by a newer one. */
  readonly version: number
  readonly rules: MerchantRules
  /** Complete rules of the merchants that differ. */
  readonly merchants: Readonly<Record<string, MerchantRules>>
}

const ofMerchant = (policy: Policy, merchantId: string): MerchantRules =>
  (Object.hasOwn(policy.merchants, merchantId) ? policy.merchants[merchantId] : undefined) ?? policy.rules

/** Which addresses name no person among one merchant's customers. */
export const nobodyFor = (policy: Policy, merchantId: string): NobodyBy =>
  nobodyBy(ofMerchant(policy, merchantId).identity)

/** The rules by which one merchant's documents are settled, in the order of the groups. */
export function rulesFor(policy: Policy, document: CanonicalDocument, merchantId: string): readonly GroupRule[] {
  const rules = ofMerchant(policy, merchantId)[document]
  return fieldGroups[document].map((group) => {
    const rule = rules[group.name]
    if (rule === undefined) throw new RangeError(`policy ${policy.version} has no rule for ${document}.${group.name}`)
    return { group, rule }
  })
}
