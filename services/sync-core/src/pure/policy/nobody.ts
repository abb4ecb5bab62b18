/**
 * E-mail addresses that name no person, as patterns in small letters: `info@` is that name at any domain, `@x.at` that
 * domain and all below it, `@shop.x.*` it under any ending, `info@x.at` that address.
 */
export type AddressRules = {
  /** A desk, not a person: whoever sits there reads it. */
  readonly roles: readonly string[]
  /** What is typed, or put there by a till, where there is no address. */
  readonly placeholders: readonly string[]
  /** Marketplaces' own, behind which the buyer changes. */
  readonly relays: readonly string[]
  /** Those that do name a person, whatever the others say. */
  readonly persons: readonly string[]
}
export const addressLists = ['roles', 'placeholders', 'relays', 'persons'] as const

/** Why an address names no person. */
export type Nobody = 'role' | 'placeholder' | 'relay'
export type NobodyBy = (address: string) => Nobody | undefined

/** Whether a text is a pattern of addresses. */
export const isAddressPattern = (text: string): boolean => /^[^\s@*]*@([^\s@*]+(\.\*)?)?$/.test(text) && text !== '@'

/** Tells of a normalised address (as in `emailKey`, without the merchant) why it names no person. */
export function nobodyBy(rules: AddressRules): NobodyBy {
  const held = compiled.get(rules) ?? compile(rules)
  compiled.set(rules, held)
  return held
}
const compiled = new WeakMap<AddressRules, NobodyBy>()

function compile({ roles, placeholders, relays, persons }: AddressRules): NobodyBy {
  const [isRole, isPlaceholder, isRelay, isPerson] = [roles, placeholders, relays, persons].map(matcher)
  return (address) => {
    if (isPerson?.(address)) return undefined
    if (isRelay?.(address)) return 'relay'
    if (isPlaceholder?.(address) || !canBeDelivered(address)) return 'placeholder'
    return isRole?.(address) ? 'role' : undefined
  }
}

/** Whether mail could ever arrive: a domain has a dot, and no ending is shorter than two letters (a@a.a). */
const canBeDelivered = (address: string): boolean => /\.[^.]{2,}$/.test(address.slice(address.lastIndexOf('@')))

function matcher(patterns: readonly string[]): (address: string) => boolean {
  const whole = new Set(patterns)
  const openEnded = patterns.filter((pattern) => pattern.endsWith('.*')).map((pattern) => pattern.slice(0, -1))
  return (address) => {
    const at = address.lastIndexOf('@')
    // what follows a plus is the mailbox's own business
    const name = address.slice(0, at).split('+')[0] ?? ''
    const domains = address
      .slice(at + 1)
      .split('.')
      .map((_, nth, labels) => labels.slice(nth).join('.'))
    const said = [`${name}@`, `${name}@${domains[0]}`, ...domains.map((domain) => `@${domain}`)]
    return said.some((each) => whole.has(each) || openEnded.some((opening) => each.startsWith(opening)))
  }
}
