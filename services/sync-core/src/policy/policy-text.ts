import { documents, fieldGroups } from '../pure/policy/field-groups.ts'
import { addressLists } from '../pure/policy/nobody.ts'
import type { MerchantRules, Policy } from '../pure/policy/policy.ts'

/** A whole policy as a policy file that names every rule: one text for one policy, which reads as the same policy. */
export const policyText = ({ version, rules, merchants }: Policy): string =>
  JSON.stringify({
    version,
    ...writeRules(rules),
    merchants: Object.fromEntries(
      Object.keys(merchants)
        .sort()
        .flatMap((merchantId) => {
          const own = merchants[merchantId]
          return own === undefined ? [] : [[merchantId, writeRules(own)]]
        }),
    ),
  })

const writeRules = (rules: MerchantRules) => ({
  identity: Object.fromEntries(addressLists.map((list) => [list, rules.identity[list]])),
  ...Object.fromEntries(
    documents.map((document) => [
      document,
      Object.fromEntries(
        fieldGroups[document].flatMap(({ name, merges }) => {
          const rule = rules[document][name]
          if (rule === undefined) return []
          const { strategy, choose, priority } = rule
          return [
            [
              name,
              { strategy, ...(merges === 'one' && strategy === 'merge_with_validation' ? { choose } : {}), priority },
            ],
          ]
        }),
      ),
    ]),
  ),
})
