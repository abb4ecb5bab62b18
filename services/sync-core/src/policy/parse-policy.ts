import { type FileRemark, listOf, mapping, readYaml, suggestion, value } from '@varai/runtime/yaml'
import { z } from 'zod'
import { type CanonicalDocument, documents, type FieldGroup, fieldGroups } from '../pure/policy/field-groups.ts'
import { type AddressRules, addressLists, isAddressPattern } from '../pure/policy/nobody.ts'
import { choosing, type MerchantRules, type Policy, type Rule, type Rules, strategies } from '../pure/policy/policy.ts'

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly errors: readonly FileRemark[] }

/**
 * Text of a policy file → a whole policy, or every error in it at once. Where the file has no rule of its own, the one
 * of `shipped` holds; without it, the file must be whole.
 */
export function parsePolicy(text: string, shipped?: Policy): ParsedPolicy {
  const file = readYaml(text, { schema })
  if (!file.ok) return file
  const { version, merchants, ...general } = file.value
  const rules = complete(general, shipped?.rules)
  if (typeof rules === 'string')
    return { ok: false, errors: [{ line: 1, text: `${rules} is missing; it needs a rule` }] }
  const own = Object.entries(merchants ?? {}).map(([merchantId, differing]) => [merchantId, overlaid(rules, differing)])
  return { ok: true, policy: { version, rules, merchants: Object.fromEntries(own) } }
}

const platforms = ['shopify', 'magento', 'woocommerce', 'html']
const source = value('a platform, or a store as platform/store', (text) => {
  const [platform = '', ...store] = text.split('/')
  return platforms.includes(platform) && (store.length === 0 || store.join('/') !== '') ? text : undefined
})
const priority = listOf(source, 'platforms, or stores as platform/store')

const word = <const W extends readonly string[]>(words: W, what: string) =>
  z.enum(words, {
    error: ({ input }) =>
      typeof input === 'string'
        ? `is ${JSON.stringify(input.slice(0, 40))}${suggestion(input, words)}`
        : `is missing; expected ${what}: ${words.join(', ')}`,
  })

const ruleOf = (group: FieldGroup) => {
  const known = group.perStore ? ([...strategies, 'per_store'] as const) : strategies
  return mapping({
    strategy: word(known, 'a strategy'),
    choose: word(choosing, 'a strategy').exactOptional(),
    priority: priority.exactOptional(),
  }).superRefine(({ strategy, choose }, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message })
    if (choose !== undefined && (group.merges !== 'one' || strategy !== 'merge_with_validation')) {
      refuse('choose', `has nothing to choose from: it follows merge_with_validation of single values`)
    }
    // who may be written to is not for a ranking of shops to decide
    if (group.merges === 'opt_out' && strategy !== 'merge_with_validation') {
      refuse('strategy', `is "${strategy}"; expected merge_with_validation: an opt-out anywhere wins`)
    }
  })
}

const rulesOf = (document: CanonicalDocument) =>
  mapping(Object.fromEntries(fieldGroups[document].map((group) => [group.name, ruleOf(group).exactOptional()])))

const address = value('addresses as name@, @domain or name@domain', (text) => {
  const small = text.trim().normalize('NFC').toLowerCase().normalize('NFC')
  return isAddressPattern(small) ? small : undefined
})
const addresses = listOf(address, 'addresses as name@, @domain or name@domain')

const general = {
  identity: mapping(Object.fromEntries(addressLists.map((list) => [list, addresses.exactOptional()]))).exactOptional(),
  priority: priority.exactOptional(),
  users: rulesOf('users').exactOptional(),
  catalog: rulesOf('catalog').exactOptional(),
}
const schema = mapping({
  version: z.int({ error: 'is not usable; expected a whole number from 1 on' }).min(1, 'is below 1'),
  ...general,
  merchants: z
    .record(z.string(), mapping(general), { error: 'is something else; expected merchants by id' })
    .exactOptional(),
})

type Written = {
  readonly priority?: readonly string[]
  readonly identity?: { readonly [list: string]: readonly string[] | undefined }
} & { readonly [D in CanonicalDocument]?: Readonly<Record<string, WrittenRule | undefined>> }
type WrittenRule = {
  readonly strategy: Rule['strategy']
  readonly choose?: Rule['choose']
  readonly priority?: readonly string[]
}

/** Every group with its rule, or the name of one that has none. */
function complete(written: Written, shipped: MerchantRules | undefined): MerchantRules | string {
  for (const document of documents) {
    const lacking = fieldGroups[document].find(
      ({ name }) => written[document]?.[name] === undefined && shipped?.[document][name] === undefined,
    )
    if (lacking !== undefined) return `${document}.${lacking.name}`
  }
  return overlaid(shipped ?? { users: {}, catalog: {}, identity: nobodyKnown }, written)
}

const nobodyKnown: AddressRules = { roles: [], placeholders: [], relays: [], persons: [] }

/** Addresses of one's own are added to those that are known. */
function united(base: AddressRules, added: NonNullable<Written['identity']>): AddressRules {
  const all = (list: keyof AddressRules) => [...new Set([...base[list], ...(added[list] ?? [])])].sort()
  const [roles, placeholders, relays, persons] = [all('roles'), all('placeholders'), all('relays'), all('persons')]
  return { roles, placeholders, relays, persons }
}

/** Rules as they were, but for what is written. A ranking of one's own also holds for rules that are not one's own. */
function overlaid(base: MerchantRules, written: Written): MerchantRules {
  const rules = (document: CanonicalDocument): Rules =>
    Object.fromEntries(
      fieldGroups[document].flatMap(({ name }) => {
        const [before, given] = [base[document][name], written[document]?.[name]]
        if (given === undefined && before === undefined) return []
        const ranking = given?.priority ?? written.priority ?? before?.priority ?? []
        const strategy = given?.strategy ?? before?.strategy ?? 'last_write_wins'
        const choose = given === undefined ? (before?.choose ?? 'last_write_wins') : (given.choose ?? 'last_write_wins')
        return [[name, { strategy, choose, priority: ranking }]]
      }),
    )
  return { users: rules('users'), catalog: rules('catalog'), identity: united(base.identity, written.identity ?? {}) }
}
