/**
 * Who is the same person: connected components of one merchant's customer records. The only evidence so far is an equal
 * e-mail address.
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
